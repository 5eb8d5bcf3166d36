package dev.exodl.store;

import dev.exodl.store.DiskSteps.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Crashes after a given number of steps, and knows what a power loss at that moment leaves: of each
 * file and folder what it was when it was last synced.
 */
final class CrashingDisk implements DiskSteps {
  /** The process is gone; nothing it does from now on counts. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Crash(int step, Step what, Path path) {
      super("after step " + step + ": " + what + " " + path);
    }
  }

  private final int last;
  private int steps;
  private boolean crashed;

  /** By inode: the bytes that are safe. */
  private final Map<Object, byte[]> files = new HashMap<>();

  /** By inode: the names that are safe. */
  private final Map<Object, Map<String, Object>> folders = new HashMap<>();

  /** Crashes right after step {@code last}, counted from 1; 0 never does. */
  CrashingDisk(int last) {
    this.last = last;
  }

  int steps() {
    return steps;
  }

  /** Frees the memory; the claims of a crashed download live on until this process ends. */
  synchronized void forget() {
    files.clear();
    folders.clear();
  }

  @Override
  public synchronized void done(Step step, Path path) throws IOException {
    if (crashed) {
      throw new Crash(steps, step, path);
    }
    steps++;
    switch (step) {
      case FILE_SYNCED -> files.put(inode(path), Files.readAllBytes(path));
      case FOLDER_SYNCED -> folders.put(inode(path), names(path));
      case WRITTEN, RENAMED, DELETED -> {}
    }
    if (steps == last) {
      crashed = true;
      throw new Crash(steps, step, path);
    }
  }

  private static Object inode(Path path) throws IOException {
    BasicFileAttributes found =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return Objects.requireNonNull(found.fileKey());
  }

  private static Map<String, Object> names(Path folder) throws IOException {
    Map<String, Object> names = new TreeMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        names.put(String.valueOf(entry.getFileName()), inode(entry));
      }
    }
    return names;
  }

  /**
   * What is left after a power loss.
   *
   * @param namesSurvive true: renames, deletions and new names are all on the medium, only bytes
   *     that were not synced are zeros (a journaling file system); false: of a folder's names, too,
   *     only those count that were there at its last sync, and still stand for the same file.
   *     Folders that were never synced keep what is in them.
   */
  void powerLoss(Path from, Path to, boolean namesSurvive) throws IOException {
    Files.createDirectories(to);
    Map<String, Object> safe = folders.get(inode(from));
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String name = String.valueOf(entry.getFileName());
        if (name.endsWith(".owner")) {
          continue;
        }
        boolean named = safe == null || inode(entry).equals(safe.get(name));
        if (namesSurvive || named) {
          copy(entry, to.resolve(name), namesSurvive);
        }
      }
    }
  }

  private void copy(Path from, Path to, boolean namesSurvive) throws IOException {
    if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      powerLoss(from, to, namesSurvive);
    } else if (Files.isSymbolicLink(from)) {
      Files.copy(from, to, LinkOption.NOFOLLOW_LINKS);
    } else {
      byte[] safe = files.getOrDefault(inode(from), new byte[0]);
      Files.write(to, java.util.Arrays.copyOf(safe, (int) Files.size(from)));
    }
  }
}
