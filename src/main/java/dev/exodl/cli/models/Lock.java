package dev.exodl.cli.models;

import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/** The commit that each model of a list is pinned to. */
public record Lock(Path path, Map<Key, Commit> commits) {
  private static final String VERSION = "1";
  private static final List<String> TOP = List.of("version", "models");
  private static final List<String> KEYS = List.of("repo", "type", "revision", "commit");

  /** What is pinned. */
  public record Key(Repo repo, Revision revision) {
    static Key of(ModelList.Wanted model) {
      return new Key(model.repo(), model.revision());
    }
  }

  public Lock {
    commits = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(commits));
  }

  /** Where the lock of a model list is: beside it. */
  public static Path beside(Path list) {
    return list.resolveSibling(list.getFileName() + ".lock");
  }

  /** The commit of a model, if it is pinned. */
  public Optional<Commit> commit(ModelList.Wanted model) {
    return Optional.ofNullable(commits.get(Key.of(model)));
  }

  /** What makes the lock unfit for the list, for people; empty when it fits. */
  public Optional<String> unfit(ModelList list) {
    for (ModelList.Wanted model : list.models()) {
      if (!commits.containsKey(Key.of(model))) {
        return Optional.of("'" + model.name() + "' is not pinned in it");
      }
    }
    List<Key> wanted = list.models().stream().map(Key::of).toList();
    return commits.keySet().stream()
        .filter(key -> !wanted.contains(key))
        .findFirst()
        .map(key -> "'" + key.repo() + "@" + key.revision() + "' in it is no longer in the list");
  }

  /**
   * Reads a lock if there is one.
   *
   * @throws FailureException usage failure that names file and line
   */
  public static Optional<Lock> read(Path path) {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    YamlFile file = new YamlFile(path, "the lock");
    Map<String, Node> top = file.mapping(file.read(), "the lock", TOP);
    Node version = top.get("version");
    Node models = top.get("models");
    if (version == null || models == null) {
      throw file.bad("the lock has no version or no models", 1, again());
    }
    if (!file.text(version, "'version'").equals(VERSION)) {
      throw file.bad(
          "the lock is of a version that this exo-dl does not know",
          YamlFile.line(version),
          again());
    }
    Map<Key, Commit> commits = new LinkedHashMap<>();
    for (Node node : file.list(models, "'models'")) {
      Map<String, Node> keys = file.mapping(node, "a pinned model", KEYS);
      for (String key : KEYS) {
        if (!keys.containsKey(key)) {
          throw file.bad("a pinned model has no '" + key + "'", YamlFile.line(node), again());
        }
      }
      Key key = file.at(node, () -> key(file, keys));
      String hex = text(file, keys, "commit");
      Commit commit = file.at(node, () -> new Commit(hex));
      if (commits.putIfAbsent(key, commit) != null) {
        throw file.bad("'" + key.repo() + "' is pinned twice", YamlFile.line(node), again());
      }
      if (key.revision().isCommit() && !key.revision().name().equals(hex)) {
        throw file.bad("a commit is pinned to another one", YamlFile.line(node), again());
      }
    }
    return Optional.of(new Lock(path, commits));
  }

  private static Key key(YamlFile file, Map<String, Node> keys) {
    String word = text(file, keys, "type");
    RepoType type =
        Arrays.stream(RepoType.values())
            .filter(t -> t.word().equals(word))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is no type of repo"));
    return new Key(
        new Repo(type, text(file, keys, "repo")), new Revision(text(file, keys, "revision")));
  }

  private static String text(YamlFile file, Map<String, Node> keys, String key) {
    return file.text(Objects.requireNonNull(keys.get(key)), "'" + key + "'");
  }

  private static String again() {
    return "make it again with 'exo-dl preload --lock'";
  }

  /**
   * Writes it, whole or not at all.
   *
   * @throws FailureException storage failure
   */
  public void write() {
    StringBuilder text = new StringBuilder();
    text.append(
        "# Made by 'exo-dl preload --lock', which makes it again; keep it with the list.\n");
    text.append("version: '").append(VERSION).append("'\nmodels:\n");
    commits.forEach(
        (key, commit) -> {
          text.append("  - repo: '").append(key.repo().id()).append("'\n");
          text.append("    type: '").append(key.repo().type().word()).append("'\n");
          text.append("    revision: '");
          text.append(key.revision().name().replace("'", "''")).append("'\n");
          text.append("    commit: '").append(commit.hex()).append("'\n");
        });
    Path fresh = path.resolveSibling("." + path.getFileName() + ".new");
    try {
      try (FileChannel channel =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new FailureException(
          new Failure.Storage(
              "could not write the lock: " + Printable.of(String.valueOf(e.getMessage())),
              Printable.of(path.toString()),
              "make its folder writable, then run the same command again"),
          e);
    }
  }
}
