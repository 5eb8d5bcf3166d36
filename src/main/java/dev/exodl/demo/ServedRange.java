package dev.exodl.demo;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that a request wants, by RFC 9110's section 14: one range of bytes.
 *
 * @param whole no range was asked for, or one that may be ignored
 */
record ServedRange(long begin, long length, boolean whole) {
  private static final Pattern BYTES = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  /**
   * Reads the header.
   *
   * @param header of name Range, null when there is none
   * @param size of the file in bytes
   * @return empty when nothing of the file is in the range
   */
  static Optional<ServedRange> of(@Nullable String header, long size) {
    Matcher match = BYTES.matcher(header == null ? "" : header);
    if (!match.matches() || (match.group(1).isEmpty() && match.group(2).isEmpty())) {
      return Optional.of(new ServedRange(0, size, true));
    }
    if (match.group(1).isEmpty()) {
      long last = Math.min(Long.parseLong(match.group(2)), size);
      return last == 0 ? Optional.empty() : Optional.of(new ServedRange(size - last, last, false));
    }
    long begin = Long.parseLong(match.group(1));
    long end = match.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(match.group(2));
    if (end < begin) {
      return Optional.of(new ServedRange(0, size, true));
    }
    return begin >= size
        ? Optional.empty()
        : Optional.of(new ServedRange(begin, Math.min(end, size - 1) - begin + 1, false));
  }

  String contentRange(long size) {
    return "bytes " + begin + "-" + (begin + length - 1) + "/" + size;
  }
}
