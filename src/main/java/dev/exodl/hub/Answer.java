package dev.exodl.hub;

import dev.exodl.model.Printable;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An answer that is an error: what the hub said about it. */
record Answer(URI address, int status, Headers headers, String body) {
  /** {@code {"error": "text"}}; a text with escapes is rare and shown with them. */
  private static final Pattern JSON_ERROR =
      Pattern.compile("\"error\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  static Answer of(Reply reply) {
    Headers headers = reply.headers();
    return new Answer(reply.address(), reply.status(), headers, reply.errorText());
  }

  String code() {
    String code = headers.first("X-Error-Code");
    return code == null ? "" : code.strip();
  }

  /**
   * The hub's words: the header, else the body's error, else its first line; empty for a page of
   * HTML.
   */
  String message() {
    String header = headers.first("X-Error-Message");
    if (header != null) {
      return Printable.of(header.strip());
    }
    Matcher m = JSON_ERROR.matcher(body);
    if (m.find()) {
      return Printable.of(m.group(1));
    }
    String text = body.strip();
    return text.startsWith("<") || text.startsWith("{")
        ? ""
        : Printable.of(text.lines().findFirst().orElse(""));
  }

  boolean isHtml() {
    String type = headers.first("Content-Type");
    String start = body.stripLeading().toLowerCase(Locale.ROOT);
    return (type != null && type.startsWith("text/html"))
        || start.startsWith("<!doctype html")
        || start.startsWith("<html");
  }

  /** Status, the hub's words and the id to report, in one text. */
  String told() {
    String words = message();
    return status + (words.isEmpty() ? "" : ": " + words) + reference();
  }

  /** The request's id in brackets, for whoever asks the hub's people; empty without one. */
  String reference() {
    for (String name : new String[] {"X-Request-Id", "X-Amz-Cf-Id", "X-Amzn-Trace-Id"}) {
      @Nullable String id = headers.first(name);
      if (id != null) {
        return " (request " + Printable.of(id.strip()) + ")";
      }
    }
    return "";
  }
}
