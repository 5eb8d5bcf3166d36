package dev.exodl.demo;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs the addresses that weights are served from, each good for an hour, as the hub's CDN. */
final class Signature {
  private static final long SECONDS = 3600;
  private final SecretKeySpec key;

  Signature() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /**
   * The query for a path.
   *
   * @param now seconds since 1970
   */
  String query(String path, long now) {
    long expires = now + SECONDS;
    return "Expires=" + expires + "&Signature=" + sign(path, expires) + "&Key-Pair-Id=DEMO";
  }

  boolean isGood(String path, @Nullable String expires, @Nullable String signature, long now) {
    if (expires == null || signature == null || !expires.matches("[0-9]{1,12}")) {
      return false;
    }
    long end = Long.parseLong(expires);
    return end >= now
        && MessageDigest.isEqual(
            sign(path, end).getBytes(StandardCharsets.US_ASCII),
            signature.getBytes(StandardCharsets.UTF_8));
  }

  private String sign(String path, long expires) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return Hashes.hex(mac.doFinal((path + " " + expires).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }
}
