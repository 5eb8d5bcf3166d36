package dev.exodl.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Copies of whole folders, for tests that look at a disk as it was at one moment. */
final class Trees {
  private Trees() {}

  /**
   * Copies a folder; links stay links, owner files stay behind (their process is ours and alive,
   * but is meant to be dead).
   */
  static void copyDead(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectories(copy);
        } else if (!path.toString().endsWith(".owner")) {
          Files.copy(path, copy, LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }
}
