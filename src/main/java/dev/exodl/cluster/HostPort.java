package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;

/**
 * A host's name or address.
 *
 * @param port 0 when none was told
 */
public record HostPort(String host, int port) {
  /**
   * Reads {@code HOST}, {@code HOST:PORT}, {@code [IPV6]:PORT} or an IPv6 address without port.
   *
   * @param where the option it came from
   * @throws FailureException usage failure
   */
  public static HostPort parse(String text, String where) {
    String host = text;
    String port = "";
    int colon = text.lastIndexOf(':');
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0 || (end + 1 < text.length() && text.charAt(end + 1) != ':')) {
        throw bad(text, where);
      }
      host = text.substring(1, end);
      port = end + 1 < text.length() ? text.substring(end + 2) : "";
      if (port.isEmpty() && end + 1 < text.length()) {
        throw bad(text, where);
      }
    } else if (colon >= 0 && text.indexOf(':') == colon) {
      host = text.substring(0, colon);
      port = text.substring(colon + 1);
      if (port.isEmpty()) {
        throw bad(text, where);
      }
    }
    boolean fits =
        !host.isBlank()
            && host.length() <= 255
            && host.chars().allMatch(c -> c > ' ' && c < 127 && "/,[]@\\\"'".indexOf(c) < 0);
    if (!fits || !port.matches("[0-9]{0,5}")) {
      throw bad(text, where);
    }
    int number = port.isEmpty() ? 0 : Integer.parseInt(port);
    if (number > 65_535 || (!port.isEmpty() && number == 0)) {
      throw bad(text, where);
    }
    return new HostPort(host, number);
  }

  private static FailureException bad(String text, String where) {
    return new FailureException(
        new Failure.Usage(
            "'" + Printable.of(text) + "' is neither HOST nor HOST:PORT",
            where,
            "give a name or an address, an IPv6 address with a port in brackets, a port of 1 to 65535"));
  }

  @Override
  public String toString() {
    String shown = host.contains(":") && port > 0 ? "[" + host + "]" : host;
    return port > 0 ? shown + ":" + port : shown;
  }
}
