package dev.exodl.hub;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A proxy as an environment variable names it. Its password is never printed. */
public record ProxyServer(
    Kind kind, String host, int port, @Nullable String user, @Nullable String password) {
  /** HTTP carries plain requests and tunnels TLS; SOCKS carries both alike. */
  public enum Kind {
    HTTP,
    SOCKS
  }

  /**
   * Reads {@code [http://|socks5://][user:password@]host[:port]}. Ports default to 80 and 1080.
   *
   * @param setting the variable's name, for the message
   * @throws FailureException usage failure that does not show the value, which may hold a password
   */
  public static ProxyServer parse(String setting, String text) {
    String full = text.contains("://") ? text : "http://" + text;
    URI uri;
    try {
      uri = new URI(full);
    } catch (URISyntaxException e) {
      throw bad(setting, "its value is not an address");
    }
    if (uri.getHost() == null) {
      throw bad(setting, "its value names no host");
    }
    Kind kind =
        switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
          case "http" -> Kind.HTTP;
          case "socks", "socks4", "socks4a", "socks5", "socks5h" -> Kind.SOCKS;
          case "https" -> throw bad(setting, "TLS to the proxy itself is not supported");
          default -> throw bad(setting, "it has to start with http:// or socks5://");
        };
    int port = uri.getPort() >= 0 ? uri.getPort() : kind == Kind.HTTP ? 80 : 1080;
    String login = uri.getRawUserInfo();
    if (login == null) {
      return new ProxyServer(kind, bare(uri.getHost()), port, null, null);
    }
    int colon = login.indexOf(':');
    String user = colon < 0 ? login : login.substring(0, colon);
    String password = colon < 0 ? "" : login.substring(colon + 1);
    return new ProxyServer(kind, bare(uri.getHost()), port, decoded(user), decoded(password));
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static FailureException bad(String setting, String why) {
    return new FailureException(
        new Failure.Usage(
            "the proxy setting cannot be used: " + why,
            "the environment variable " + setting,
            "give it like http://user:password@host:3128 or socks5://host:1080, or unset it"));
  }

  Proxy proxy() {
    Proxy.Type type =
        switch (kind) {
          case HTTP -> Proxy.Type.HTTP;
          case SOCKS -> Proxy.Type.SOCKS;
        };
    return new Proxy(type, InetSocketAddress.createUnresolved(host, port));
  }

  @Override
  public String toString() {
    String scheme =
        switch (kind) {
          case HTTP -> "http";
          case SOCKS -> "socks5";
        };
    return scheme + "://" + (user == null ? "" : "***@") + host + ":" + port;
  }
}
