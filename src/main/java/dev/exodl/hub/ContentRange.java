package dev.exodl.hub;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A {@code Content-Range}.
 *
 * @param first first byte, -1 in the answer to a range that cannot be served
 * @param end the byte after the last one, -1 likewise
 * @param size the file's size, -1 when not told
 */
record ContentRange(long first, long end, long size) {
  private static final Pattern FORM =
      Pattern.compile("bytes\\s+(?:([0-9]{1,18})-([0-9]{1,18})|\\*)/([0-9]{1,18}|\\*)");

  /** Null when there is none or it makes no sense. */
  static @Nullable ContentRange parse(@Nullable String value) {
    Matcher m = FORM.matcher(value == null ? "" : value.strip());
    if (!m.matches()) {
      return null;
    }
    long size = m.group(3).equals("*") ? -1 : Long.parseLong(m.group(3));
    if (m.group(1) == null) {
      return new ContentRange(-1, -1, size);
    }
    long first = Long.parseLong(m.group(1));
    long end = Long.parseLong(m.group(2)) + 1;
    return end <= first || (size >= 0 && end > size) ? null : new ContentRange(first, end, size);
  }
}
