package dev.exodl.store;

import dev.exodl.model.BlobId;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The names of our own files in a workshop. */
final class Names {
  /** {@code <etag>.<nonce>}: the folder of a part. */
  static final Pattern PART = Pattern.compile("([0-9a-f]{40}|[0-9a-f]{64})\\.([0-9a-f]{8})");

  static final String LOCK = "lock";

  private Names() {}

  static String nonce() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  static String part(BlobId blob, String nonce) {
    return blob.hex() + "." + nonce;
  }

  /**
   * The byte of the lock file that stands for a blob; two blobs share one with the odds of 1 to
   * 2^60.
   */
  static long lockPosition(BlobId blob) {
    return Long.parseLong(blob.hex().substring(0, 15), 16);
  }
}
