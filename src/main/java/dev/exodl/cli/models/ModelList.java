package dev.exodl.cli.models;

import dev.exodl.cli.settings.Layout;
import dev.exodl.model.Printable;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** What a user wants to have: one model after the other. */
public record ModelList(Path path, List<Wanted> models) {
  private static final List<String> TOP = List.of("models");
  private static final List<String> KEYS =
      List.of("repo", "revision", "type", "include", "exclude", "layout", "local-dir");

  /**
   * One model.
   *
   * @param layout how its files are laid down
   * @param localDir where its plain files go, or for the layout of exo the folder of all its
   *     models; empty for the cache, or the folder that exo uses
   */
  public record Wanted(
      Repo repo,
      Revision revision,
      List<String> includes,
      List<String> excludes,
      Layout layout,
      Optional<Path> localDir) {
    /** For people: {@code org/name@main}. */
    public String name() {
      return repo + "@" + revision;
    }

    /** What no two models may share; nothing for the cache, which holds all revisions. */
    private Optional<Object> folder() {
      String exo = repo.id().replace("/", "--");
      return switch (layout) {
        case HF -> Optional.empty();
        case DIR -> Optional.of(localDir.orElseThrow());
        case EXO -> Optional.of(localDir.<Object>map(dir -> dir.resolve(exo)).orElse(exo));
      };
    }
  }

  /** Reads a repo as it is written on a command line, {@code ORG/NAME[@REV]}. */
  @FunctionalInterface
  public interface RepoReader {
    /**
     * Reads it.
     *
     * @throws dev.exodl.model.FailureException usage failure, also when the two revisions or types
     *     contradict each other
     */
    Named read(String text, @Nullable RepoType type, @Nullable String revision);
  }

  /** A repo and its revision. */
  public record Named(Repo repo, Revision revision) {}

  public ModelList {
    models = List.copyOf(models);
  }

  /**
   * Reads the file.
   *
   * @throws dev.exodl.model.FailureException usage failure that names file and line
   */
  public static ModelList read(Path path, RepoReader repos) {
    YamlFile file = new YamlFile(path, "the model list");
    Node root = file.read();
    Node models = file.mapping(root, "the model list", TOP).get("models");
    if (models == null) {
      throw file.bad("the model list names no models", 1, "write 'models:' and a list below it");
    }
    Reading reading = new Reading(file, repos, folder(path));
    file.list(models, "'models'").forEach(reading::add);
    if (reading.wanted.isEmpty()) {
      throw file.bad("the list 'models' is empty", YamlFile.line(models), "name a model");
    }
    return new ModelList(path, reading.wanted);
  }

  private static Path folder(Path path) {
    return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file is in a folder");
  }

  private static final class Reading {
    private final YamlFile file;
    private final RepoReader repos;
    private final Path folder;
    private final List<Wanted> wanted = new ArrayList<>();
    private final Map<Object, Integer> lines = new HashMap<>();

    Reading(YamlFile file, RepoReader repos, Path folder) {
      this.file = file;
      this.repos = repos;
      this.folder = folder;
    }

    void add(Node node) {
      Wanted read = node instanceof ScalarNode ? named(node) : model(node);
      once(
          List.of(read.repo(), read.revision(), read.layout(), read.localDir()),
          node,
          "'" + read.name() + "' stands there",
          "put the patterns of both into one entry");
      read.folder()
          .ifPresent(
              dir ->
                  once(
                      dir,
                      node,
                      read.layout() == Layout.EXO
                          ? "another revision of it goes to the same folder of exo"
                          : "another model goes to the same local-dir",
                      "give each a local-dir of its own"));
      wanted.add(read);
    }

    private void once(Object thing, Node node, String what, String next) {
      Integer before = lines.putIfAbsent(thing, YamlFile.line(node));
      if (before != null) {
        throw file.bad(what + " in line " + before + " already", YamlFile.line(node), next);
      }
    }

    private Wanted named(Node node) {
      String text = file.text(node, "a model");
      Named named = file.at(node, () -> repos.read(text, null, null));
      return new Wanted(
          named.repo(), named.revision(), List.of(), List.of(), Layout.HF, Optional.empty());
    }

    private Wanted model(Node node) {
      Map<String, Node> keys = file.mapping(node, "a model", KEYS);
      Node repo = keys.get("repo");
      if (repo == null) {
        throw file.bad("a model has no 'repo'", YamlFile.line(node), "write 'repo: ORG/NAME'");
      }
      String text = file.text(repo, "'repo'");
      RepoType type = keys.containsKey("type") ? type(keys.get("type")) : null;
      Node revision = keys.get("revision");
      String name = revision == null ? null : file.text(revision, "'revision'");
      Named named = file.at(revision == null ? repo : revision, () -> repos.read(text, type, name));
      return new Wanted(
          named.repo(),
          named.revision(),
          patterns(keys, "include"),
          patterns(keys, "exclude"),
          layout(keys, node, named.repo()),
          Optional.ofNullable(keys.get("local-dir")).map(this::folder));
    }

    private Layout layout(Map<String, Node> keys, Node model, Repo repo) {
      Node node = keys.get("layout");
      Node dir = keys.get("local-dir");
      if (node == null) {
        return dir == null ? Layout.HF : Layout.DIR;
      }
      String word = file.text(node, "'layout'");
      Layout layout =
          Arrays.stream(Layout.values())
              .filter(l -> l.name().toLowerCase(Locale.ROOT).equals(word))
              .findFirst()
              .orElseThrow(
                  () ->
                      file.bad(
                          "'" + Printable.of(word) + "' is no layout",
                          YamlFile.line(node),
                          "write hf, exo or dir"));
      if (layout == Layout.HF && dir != null) {
        throw file.bad(
            "'local-dir' is for plain files, and the layout hf is that of the cache",
            YamlFile.line(dir),
            "remove one of them");
      }
      if (layout == Layout.DIR && dir == null) {
        throw file.bad(
            "the layout dir needs a folder", YamlFile.line(model), "write 'local-dir: FOLDER'");
      }
      if (layout == Layout.EXO && repo.type() != RepoType.MODEL) {
        throw file.bad(
            "exo has models only, and this is a " + repo.type().word(),
            YamlFile.line(node),
            "take another layout");
      }
      return layout;
    }

    private RepoType type(Node node) {
      String word = file.text(node, "'type'");
      return Arrays.stream(RepoType.values())
          .filter(t -> t.word().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  file.bad(
                      "'" + Printable.of(word) + "' is no type of repo",
                      YamlFile.line(node),
                      "write model, dataset or space"));
    }

    private List<String> patterns(Map<String, Node> keys, String key) {
      Node node = keys.get(key);
      if (node == null) {
        return List.of();
      }
      if (node instanceof ScalarNode) {
        return List.of(file.text(node, "'" + key + "'"));
      }
      return file.list(node, "'" + key + "'").stream()
          .map(entry -> file.text(entry, "a pattern of '" + key + "'"))
          .toList();
    }

    /** Where it is does not depend on where the user is, but on where the file is. */
    private Path folder(Node node) {
      String text = file.text(node, "'local-dir'");
      if (text.startsWith("~")) {
        throw file.bad(
            "no home is put in for '~' in 'local-dir'",
            YamlFile.line(node),
            "write an absolute path, or one from the folder of this file");
      }
      try {
        return folder.resolve(text).normalize();
      } catch (InvalidPathException e) {
        throw file.bad("'local-dir' is not a path", YamlFile.line(node), "give a folder");
      }
    }
  }
}
