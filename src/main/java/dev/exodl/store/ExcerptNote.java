package dev.exodl.store;

import dev.exodl.model.FailureException;
import dev.exodl.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * What is remembered of an excerpt: five lines, then what its maker wants to know later.
 *
 * @param size of its file in bytes
 * @param modified when the file was written last, in nanoseconds of the epoch
 */
record ExcerptNote(RepoPath path, long size, long modified, String text) {
  private static final String FIRST = "exo-dl excerpt 1";

  boolean fits(Optional<BasicFileAttributes> found) {
    return found
        .filter(f -> f.isRegularFile() && f.size() == size && Excerpts.modified(f) == modified)
        .isPresent();
  }

  byte[] encode() {
    return String.join(
            "\n", FIRST, path.value(), Long.toString(size), Long.toString(modified), "", text)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Reads what {@link #encode()} wrote; empty when it is something else. */
  static Optional<ExcerptNote> decode(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", 6);
    if (lines.length < 6 || !lines[0].equals(FIRST) || !lines[4].isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ExcerptNote(
              new RepoPath(lines[1]),
              Long.parseLong(lines[2]),
              Long.parseLong(lines[3]),
              lines[5]));
    } catch (NumberFormatException | FailureException e) {
      return Optional.empty();
    }
  }
}
