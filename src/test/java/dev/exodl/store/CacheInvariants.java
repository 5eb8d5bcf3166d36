package dev.exodl.store;

import dev.exodl.model.Hex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What has to be true of a cache at any moment, whoever was killed while writing to it. */
public final class CacheInvariants {
  private static final String DANGLING = "a link to a blob that is not there: ";

  private CacheInvariants() {}

  /**
   * Checks all but leftovers. Throws an {@link AssertionError} that lists everything that is wrong.
   */
  public static void check(Path cacheRoot) {
    assertNone(problems(cacheRoot, false));
  }

  /** Checks also that no unfinished download and no file of our own but the lock file is left. */
  public static void checkFinished(Path cacheRoot) {
    assertNone(problems(cacheRoot, true));
  }

  /**
   * As {@link #check}, but a link may lead to a blob of its repo that is not there: it makes
   * nothing visible.
   */
  public static void checkAfterPowerLoss(Path cacheRoot) {
    List<String> problems = problems(cacheRoot, false);
    problems.removeIf(problem -> problem.startsWith(DANGLING));
    assertNone(problems);
  }

  private static void assertNone(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new AssertionError(String.join("\n", problems));
    }
  }

  private static List<String> problems(Path root, boolean finished) {
    List<String> problems = new ArrayList<>();
    try {
      if (!Files.exists(root)) {
        return problems;
      }
      for (Path repo : list(root)) {
        if (Files.isDirectory(repo, LinkOption.NOFOLLOW_LINKS) && name(repo).contains("--")) {
          blobs(repo.resolve("blobs"), problems);
          snapshots(repo, problems);
          refs(repo, problems);
          workshop(repo.resolve(".exo-dl"), finished, problems);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return problems;
  }

  private static void blobs(Path blobs, List<String> problems) throws IOException {
    for (Path blob : list(blobs)) {
      String name = name(blob);
      if (name.endsWith(".incomplete")) {
        continue;
      }
      if (!Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)) {
        problems.add("no plain file: " + blob);
      } else if (!hasHash(blob, name)) {
        problems.add("a blob whose content is not what its name says: " + blob);
      }
    }
  }

  /** Whether a file's content has this SHA-256 or git blob id. */
  public static boolean hasHash(Path file, String hex) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return hex.length() == 64
        ? Content.hash("SHA-256", new byte[0], bytes).equals(hex)
        : Content.gitHash(bytes).equals(hex);
  }

  private static void snapshots(Path repo, List<String> problems) throws IOException {
    Path blobs = repo.resolve("blobs").normalize();
    for (Path snapshot : list(repo.resolve("snapshots"))) {
      if (!Hex.is(name(snapshot), 40) || !Files.isDirectory(snapshot, LinkOption.NOFOLLOW_LINKS)) {
        problems.add("no snapshot: " + snapshot);
        continue;
      }
      try (Stream<Path> entries = Files.walk(snapshot)) {
        for (Path entry : (Iterable<Path>) entries::iterator) {
          if (Files.isSymbolicLink(entry)) {
            Path to = entry.resolveSibling(Files.readSymbolicLink(entry)).normalize();
            if (!blobs.equals(to.getParent())) {
              problems.add("a link that leads out of its repo: " + entry + " -> " + to);
            } else if (!Files.isRegularFile(to, LinkOption.NOFOLLOW_LINKS)) {
              problems.add(DANGLING + entry + " -> " + to);
            }
          }
        }
      }
    }
  }

  private static void refs(Path repo, List<String> problems) throws IOException {
    if (!Files.exists(repo.resolve("refs"))) {
      return;
    }
    try (Stream<Path> refs = Files.walk(repo.resolve("refs"))) {
      for (Path ref : (Iterable<Path>) refs::iterator) {
        if (!Files.isDirectory(ref, LinkOption.NOFOLLOW_LINKS)) {
          String commit = Files.readString(ref);
          if (!Hex.is(commit, 40)) {
            problems.add("a ref that is no commit: " + ref);
          } else if (!Files.isDirectory(repo.resolve("snapshots").resolve(commit))) {
            problems.add("a ref to a snapshot that is not there: " + ref);
          }
        }
      }
    }
  }

  /** Checks a workshop by itself, also that of a local dir. */
  public static void checkWorkshop(Path workshop, boolean finished) {
    List<String> problems = new ArrayList<>();
    try {
      workshop(workshop, finished, problems);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertNone(problems);
  }

  private static void workshop(Path workshop, boolean finished, List<String> problems)
      throws IOException {
    for (Path entry : list(workshop)) {
      boolean stays =
          List.of("lock", ".gitignore", "refs", "open").contains(name(entry))
              || name(entry).matches("told\\.[0-9a-f]{40}");
      if (finished && !stays) {
        problems.add("a file of ours is left: " + entry);
      }
      if (Names.PART.matcher(name(entry)).matches()) {
        part(entry, problems);
      }
    }
  }

  private static void part(Path part, List<String> problems) throws IOException {
    Path file = part.resolve("state");
    if (!Files.exists(file)) {
      return;
    }
    try {
      StateFile state = StateFile.decode(Files.readAllBytes(file));
      if (!name(part).startsWith(state.blob().hex() + ".")) {
        problems.add("a state of another blob: " + file);
      }
      if (!Files.exists(part.resolve("part"))) {
        return;
      }
      try (OpenFile data = OpenFile.open(part.resolve("part"), DiskSteps.NONE)) {
        for (int i : state.held().bits().stream().toArray()) {
          if (PartFolder.crc(data, state.grid().chunk(i)) != state.held().crc(i)) {
            problems.add("a state that claims chunk " + i + ", which is not intact: " + file);
          }
        }
      }
    } catch (StateFile.Damaged e) {
      problems.add("a bad state file (" + e.getMessage() + "): " + file);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
