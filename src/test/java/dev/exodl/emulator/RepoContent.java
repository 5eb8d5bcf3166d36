package dev.exodl.emulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Bytes of a file on the hub; any part of them can be read at any time, by many threads at once.
 */
public interface RepoContent {

  /** Length in bytes. */
  long size();

  /**
   * Fills {@code into[at .. at + length)} from {@code offset}; the asked part must lie within the
   * content.
   */
  void read(long offset, byte[] into, int at, int length) throws IOException;

  /** All bytes; for small contents only. */
  default byte[] bytes() {
    var all = new byte[Math.toIntExact(size())];
    try {
      read(0, all, 0, all.length);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return all;
  }

  /** Bytes in memory (not copied). */
  static RepoContent of(byte[] bytes) {
    return new Contents.Memory(bytes);
  }

  /** Text as UTF-8. */
  static RepoContent text(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The present bytes of a file on disk. */
  static RepoContent file(Path file) throws IOException {
    return Contents.DiskFile.open(file);
  }

  /** Pseudo-random bytes that depend only on the seed and the offset. */
  static RepoContent random(long seed, long size) {
    return new Contents.Random(seed, size);
  }

  /** Zeros; takes no memory, so tens of gigabytes are fine. */
  static RepoContent zeros(long size) {
    return new Contents.Zeros(size);
  }

  /** One content after the other. */
  static RepoContent joined(RepoContent... parts) {
    return Contents.Joined.of(List.of(parts));
  }
}
