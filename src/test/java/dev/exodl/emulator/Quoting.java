package dev.exodl.emulator;

import java.nio.charset.StandardCharsets;

/** Percent-encoding for URLs. */
final class Quoting {

  private Quoting() {}

  /** Quotes all but unreserved characters. */
  static String segment(String text) {
    return quote(text, "");
  }

  /** As {@link #segment}, with slashes kept. */
  static String path(String text) {
    return quote(text, "/");
  }

  private static String quote(String text, String kept) {
    var out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c < 0x80
              && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0 || kept.indexOf(c) >= 0);
      out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return out.toString();
  }
}
