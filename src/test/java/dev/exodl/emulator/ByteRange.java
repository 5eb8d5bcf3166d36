package dev.exodl.emulator;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bytes {@code [from, to)} of a file. Not satisfiable if {@code from} is not below the file's size.
 */
record ByteRange(long from, long to) {

  private static final Pattern SINGLE = Pattern.compile("bytes=(\\d*)-(\\d*)");

  /**
   * The range that a header asks of a file; null for none, several or a senseless one (then the
   * whole file is sent).
   */
  static @Nullable ByteRange parse(@Nullable String header, long size) {
    var match = SINGLE.matcher(header == null ? "" : header.replace(" ", ""));
    if (!match.matches()) {
      return null;
    }
    var first = match.group(1);
    var last = match.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? null : new ByteRange(Math.max(0, size - Long.parseLong(last)), size);
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? size : Math.min(size, Long.parseLong(last) + 1);
    return !last.isEmpty() && Long.parseLong(last) < from ? null : new ByteRange(from, to);
  }

  boolean touches(long begin, long end) {
    return from < end && begin < to;
  }
}
