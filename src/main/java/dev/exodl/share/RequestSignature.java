package dev.exodl.share;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What shows that an asker knows the cluster's secret: HMAC-SHA256 over the request, a time, a
 * nonce and the address it is sent to, so that it is worth nothing a minute later, a second time,
 * or elsewhere.
 *
 * @param time seconds since 1970
 * @param nonce 16 hexadecimal digits
 * @param mac 64 hexadecimal digits
 */
record RequestSignature(long time, String nonce, String mac) {
  private static final Pattern FORM =
      Pattern.compile("Exo t=([0-9]{1,12}), n=([0-9a-f]{16}), s=([0-9a-f]{64})");

  /** Signs a request to the server at this address and port. */
  static RequestSignature sign(
      SecretKeySpec key,
      String path,
      String range,
      long time,
      String nonce,
      InetAddress server,
      int port) {
    String where = HexFormat.of().formatHex(server.getAddress()) + ":" + port;
    // No part can hold a line end, so that two requests never have one text.
    String text = String.join("\n", "exo-dl", "GET", path, range, time + " " + nonce, where);
    return new RequestSignature(time, nonce, hmac(key, text));
  }

  /** What shows that who knows the secret told this time to who asked with this nonce. */
  static String ofTime(SecretKeySpec key, long time, String nonce) {
    return hmac(key, String.join("\n", "exo-dl", "TIME", time + " " + nonce));
  }

  private static String hmac(SecretKeySpec key, String text) {
    try {
      Mac hmac = Mac.getInstance("HmacSHA256");
      hmac.init(key);
      return HexFormat.of().formatHex(hmac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  static SecretKeySpec key(byte[] secret) {
    return new SecretKeySpec(secret, "HmacSHA256");
  }

  /** What an {@code Authorization} header says; null when it is no signature. */
  static @Nullable RequestSignature parse(@Nullable String header) {
    Matcher m = FORM.matcher(header == null ? "" : header);
    return m.matches()
        ? new RequestSignature(Long.parseLong(m.group(1)), m.group(2), m.group(3))
        : null;
  }

  String header() {
    return "Exo t=" + time + ", n=" + nonce + ", s=" + mac;
  }

  /** Compares in a time that tells nothing about where they differ. */
  boolean isSameAs(RequestSignature other) {
    return MessageDigest.isEqual(
        mac.getBytes(StandardCharsets.US_ASCII), other.mac.getBytes(StandardCharsets.US_ASCII));
  }
}
