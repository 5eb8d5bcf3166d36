package dev.exodl.model;

/** Bytes {@code offset} to {@code end} (exclusive) of a file. */
public record ByteRange(long offset, long end) {
  public ByteRange {
    if (offset < 0 || end < offset) {
      throw new IllegalArgumentException("no range: " + offset + " to " + end);
    }
  }

  public long length() {
    return end - offset;
  }
}
