package dev.exodl.hub;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that are asked without a proxy: names with all below them ({@code example.com}, {@code
 * .example.com}), addresses, networks ({@code 10.0.0.0/8}, {@code fd00::/8}), each perhaps with
 * {@code :port}; {@code *} is every host. As curl's manual says, and networks as both curl and
 * python-requests take them.
 */
public record NoProxy(List<Entry> entries) {
  static final NoProxy NONE = new NoProxy(List.of());

  /** One host, suffix or network; port -1 is any, bits -1 is no network. */
  record Entry(String host, int bits, int port) {}

  /** Reads a list separated by commas or blanks; entries that make no sense match nothing. */
  public static NoProxy parse(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String part : text.strip().toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      if (!part.isEmpty()) {
        entries.add(entry(part));
      }
    }
    return new NoProxy(List.copyOf(entries));
  }

  private static Entry entry(String part) {
    int slash = part.indexOf('/');
    if (slash > 0 && part.substring(slash + 1).matches("[0-9]{1,3}")) {
      return new Entry(
          unbracketed(part.substring(0, slash)), Integer.parseInt(part.substring(slash + 1)), -1);
    }
    String host = part;
    int port = -1;
    int colon = part.lastIndexOf(':');
    boolean ipv6 = part.indexOf(':') != colon && !part.contains("]:");
    if (colon > 0 && !ipv6 && part.substring(colon + 1).matches("[0-9]{1,5}")) {
      host = part.substring(0, colon);
      port = Integer.parseInt(part.substring(colon + 1));
    }
    host = unbracketed(host);
    host = host.startsWith("*.") ? host.substring(2) : host;
    host = host.startsWith(".") ? host.substring(1) : host;
    return new Entry(withoutLastDot(host), -1, port);
  }

  /** Whether this address is to be asked without a proxy. */
  public boolean covers(URI address) {
    String host = withoutLastDot(unbracketed(address.getHost().toLowerCase(Locale.ROOT)));
    int port = address.getPort();
    if (port < 0) {
      port = "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }
    for (Entry entry : entries) {
      if ((entry.port < 0 || entry.port == port) && matches(entry, host)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(Entry entry, String host) {
    if (entry.bits >= 0) {
      return inNetwork(host, entry.host, entry.bits);
    }
    if (entry.host.equals("*") || host.equals(entry.host)) {
      return true;
    }
    if (literal(host) != null) {
      return Objects.equals(literal(host), literal(entry.host));
    }
    return !entry.host.isEmpty() && host.endsWith("." + entry.host);
  }

  private static boolean inNetwork(String host, String network, int bits) {
    InetAddress one = literal(host);
    InetAddress two = literal(network);
    if (one == null || two == null) {
      return false;
    }
    byte[] a = one.getAddress();
    byte[] b = two.getAddress();
    if (a.length != b.length || bits > a.length * 8) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((a[i / 8] & mask) != (b[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  /** The address that a literal stands for, without asking a name server. */
  private static @Nullable InetAddress literal(String text) {
    if (!text.contains(":") && !text.matches("[0-9]+(\\.[0-9]+){3}")) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String unbracketed(String host) {
    return host.replace("[", "").replace("]", "");
  }

  private static String withoutLastDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }
}
