package dev.exodl.share;

import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Hex;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request for bytes of a blob as it is written on the wire: a path and a {@code Range}. */
record ChunkRequest(BlobId blob, ByteRange range) {
  private static final String PREFIX = "/v1/blobs/";
  private static final Pattern BYTES = Pattern.compile("bytes=([0-9]{1,18})-([0-9]{1,18})");

  String path() {
    return PREFIX + blob.hex();
  }

  /** What stands in the header {@code Range}. */
  String rangeHeader() {
    return "bytes=" + range.offset() + "-" + (range.end() - 1);
  }

  /** The blob that a path names; null when it names none. */
  static @Nullable BlobId blob(String path) {
    if (!path.startsWith(PREFIX)) {
      return null;
    }
    String hex = path.substring(PREFIX.length());
    return Hex.is(hex, 64) || Hex.is(hex, 40) ? BlobId.of(hex) : null;
  }

  /** The one range, with both ends, that a header names; null when it is anything else. */
  static @Nullable ByteRange range(@Nullable String header) {
    Matcher bytes = BYTES.matcher(header == null ? "" : header);
    if (!bytes.matches()) {
      return null;
    }
    long first = Long.parseLong(bytes.group(1));
    long end = Long.parseLong(bytes.group(2)) + 1;
    return end <= first ? null : new ByteRange(first, end);
  }
}
