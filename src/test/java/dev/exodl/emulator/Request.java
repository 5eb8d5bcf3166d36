package dev.exodl.emulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as it came in.
 *
 * @param path raw (still quoted) path
 * @param query raw query without the question mark, or empty
 * @param headers by lower-case name; repeated ones are joined with commas
 */
record Request(
    String method,
    String path,
    String query,
    String version,
    Map<String, String> headers,
    byte[] body) {

  @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  String header(String name, String otherwise) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), otherwise);
  }

  boolean isGet() {
    return method.equals("GET");
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  boolean keepsAlive() {
    var connection = header("connection", "").toLowerCase(Locale.ROOT);
    return version.equals("HTTP/1.1")
        ? !connection.contains("close")
        : connection.contains("keep-alive");
  }

  boolean acceptsGzip() {
    return header("accept-encoding", "").contains("gzip");
  }

  /** Token of the Authorization header; null without one, empty if it is not a bearer token. */
  @Nullable String token() {
    var authorization = header("authorization");
    if (authorization == null) {
      return null;
    }
    return authorization.startsWith("Bearer ")
        ? authorization.substring("Bearer ".length()).strip()
        : "";
  }

  /** Raw path segments, without the empty one before the first slash. */
  List<String> segments() {
    return List.of(path.substring(path.startsWith("/") ? 1 : 0).split("/", -1));
  }

  /** All values of a parameter, of the query or of a form body. */
  List<String> params(String name) {
    var values = new ArrayList<String>();
    var form = header("content-type", "").startsWith("application/x-www-form-urlencoded");
    var all = form ? query + "&" + new String(body, StandardCharsets.UTF_8) : query;
    for (var pair : all.split("&")) {
      int equals = pair.indexOf('=');
      var key = equals < 0 ? pair : pair.substring(0, equals);
      if (decode(key).equals(name)) {
        values.add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  @Nullable String param(String name) {
    var values = params(name);
    return values.isEmpty() ? null : values.getFirst();
  }

  boolean flag(String name) {
    var value = param(name);
    return value != null && (value.equalsIgnoreCase("true") || value.equals("1"));
  }

  Request withPath(String newPath) {
    return new Request(method, newPath, query, version, headers, body);
  }

  Request without(String header) {
    var fewer = new TreeMap<>(headers);
    fewer.remove(header.toLowerCase(Locale.ROOT));
    return new Request(method, path, query, version, fewer, body);
  }

  private static String decode(String quoted) {
    try {
      return URLDecoder.decode(quoted, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return quoted;
    }
  }

  /** Decodes percent signs only: a plus in a path is a plus. */
  static String decodePath(String quoted) {
    return decode(quoted.replace("+", "%2B"));
  }
}
