package dev.exodl.hub;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code Link: <address>; rel="next"} (RFC 8288). */
final class LinkHeader {
  private static final Pattern LINK =
      Pattern.compile("<([^>]*)>((?:\\s*;\\s*[^;,\"]+(?:\"[^\"]*\")?)*)");
  private static final Pattern NEXT =
      Pattern.compile(
          ";\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next\\b)",
          Pattern.CASE_INSENSITIVE);

  private LinkHeader() {}

  /** The address of the next page, or null on the last one. */
  static @Nullable String next(List<String> values) {
    for (String value : values) {
      Matcher link = LINK.matcher(value);
      while (link.find()) {
        if (NEXT.matcher(link.group(2)).find()) {
          return link.group(1).strip();
        }
      }
    }
    return null;
  }
}
