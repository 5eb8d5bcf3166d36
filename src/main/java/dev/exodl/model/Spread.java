package dev.exodl.model;

import java.util.Arrays;
import java.util.List;

/** How bytes that follow each other are spread over a file: one range after the other is filled. */
public final class Spread {
  private final List<ByteRange> ranges;
  private final long fileSize;

  /** How many bytes are in the ranges before each of them, and in all. */
  private final long[] before;

  /**
   * A spread over a file.
   *
   * @param ranges in order, none empty, none touching the one before
   * @param fileSize bytes of the file; what is in no range is a hole
   */
  public Spread(List<ByteRange> ranges, long fileSize) {
    this.ranges = List.copyOf(ranges);
    this.fileSize = fileSize;
    this.before = new long[ranges.size() + 1];
    long end = -1;
    for (int i = 0; i < ranges.size(); i++) {
      ByteRange range = ranges.get(i);
      if (range.offset() <= end || range.length() == 0 || range.end() > fileSize) {
        throw new IllegalArgumentException("no spread: " + ranges + " of " + fileSize);
      }
      before[i + 1] = before[i] + range.length();
      end = range.end();
    }
  }

  /** All of a file in one range. */
  public static Spread whole(long fileSize) {
    return new Spread(fileSize == 0 ? List.of() : List.of(new ByteRange(0, fileSize)), fileSize);
  }

  public List<ByteRange> ranges() {
    return ranges;
  }

  /** Bytes of the file, holes included. */
  public long fileSize() {
    return fileSize;
  }

  /** Bytes in the ranges. */
  public long length() {
    return before[ranges.size()];
  }

  /** Where in the file byte {@code at} stands, which must be from 0 to {@code length() - 1}. */
  public long place(long at) {
    int range = rangeOf(at);
    return ranges.get(range).offset() + at - before[range];
  }

  /** How many bytes from {@code at} on stand in the file without a hole; 0 at the end. */
  public long together(long at) {
    return at == length() ? 0 : before[rangeOf(at) + 1] - at;
  }

  private int rangeOf(long at) {
    if (at < 0 || at >= length()) {
      throw new IndexOutOfBoundsException("byte " + at + " of " + length());
    }
    int found = Arrays.binarySearch(before, at);
    return found >= 0 ? found : -found - 2;
  }
}
