package dev.exodl.hub;

import dev.exodl.model.ByteRange;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange asks for besides its address.
 *
 * @param accept the {@code Accept} header
 * @param encoding the {@code Accept-Encoding} header
 * @param range bytes to ask for, or null for all
 * @param patience longest time without data
 */
record Ask(String accept, String encoding, @Nullable ByteRange range, Duration patience) {
  static Ask json(Duration patience) {
    return new Ask("application/json", "gzip", null, patience);
  }

  /**
   * File bytes have to come as they are: with gzip the size would be another and ranges would be
   * ignored.
   */
  static Ask bytes(@Nullable ByteRange range, Duration patience) {
    return new Ask("*/*", "identity", range, patience);
  }

  @Nullable String rangeHeader() {
    return range == null ? null : "bytes=" + range.offset() + "-" + (range.end() - 1);
  }
}
