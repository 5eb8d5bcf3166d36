package dev.exodl.share;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 request, as strict as nodes write it.
 *
 * @param headers by name in lower case; only those that matter here
 */
record RequestHead(String method, String path, Map<String, String> headers) {
  private static final Set<String> USED =
      Set.of("range", "authorization", "connection", "content-length", "transfer-encoding");

  /**
   * Reads a head without its empty last line.
   *
   * @return null when it is not HTTP/1.1 as a node writes it
   */
  static @Nullable RequestHead parse(String text) {
    String[] lines = text.split("\r\n", -1);
    String[] first = lines[0].split(" ", -1);
    if (first.length != 3 || first[0].isEmpty() || !first[2].equals("HTTP/1.1")) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].chars().anyMatch(c -> c < ' ' && c != '\t')) {
        return null;
      }
      if (i > 0) {
        int colon = lines[i].indexOf(':');
        if (colon < 1 || lines[i].charAt(0) <= ' ' || lines[i].charAt(colon - 1) <= ' ') {
          return null;
        }
        String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
        // Said twice, a header could mean one thing to who signs it and another to who serves it.
        if (USED.contains(name)
            && headers.put(name, lines[i].substring(colon + 1).strip()) != null) {
          return null;
        }
      }
    }
    return new RequestHead(first[0], first[1], Map.copyOf(headers));
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Whether bytes follow the head. */
  boolean hasBody() {
    String length = header("content-length");
    return header("transfer-encoding") != null || (length != null && !length.equals("0"));
  }

  /** Whether the connection is to be closed after the answer. */
  boolean isLast() {
    return "close".equalsIgnoreCase(header("connection"));
  }
}
