package dev.exodl.hub;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy an address is asked through, from {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code
 * ALL_PROXY} and {@code NO_PROXY}. Names in lower case win over those in upper case, as in curl and
 * Python; one that is set but empty means none. Loopback is not exempt by itself, as in curl: name
 * it in {@code NO_PROXY}.
 */
public record ProxyRules(@Nullable ProxyServer http, @Nullable ProxyServer https, NoProxy except) {
  public static final ProxyRules NONE = new ProxyRules(null, null, NoProxy.NONE);

  /**
   * Reads the rules.
   *
   * @throws dev.exodl.model.FailureException usage failure for a value that cannot be used
   */
  public static ProxyRules from(Map<String, String> env) {
    String none = env.getOrDefault("no_proxy", env.getOrDefault("NO_PROXY", ""));
    return new ProxyRules(
        server(env, "http_proxy"), server(env, "https_proxy"), NoProxy.parse(none));
  }

  private static @Nullable ProxyServer server(Map<String, String> env, String name) {
    String[] names = {name, upper(name), "all_proxy", "ALL_PROXY"};
    for (int i = 0; i < names.length; i++) {
      String value = env.get(names[i]);
      if (value == null) {
        continue;
      }
      if (!value.isBlank()) {
        return ProxyServer.parse(names[i], value.strip());
      }
      if (i == 0) {
        return null;
      }
    }
    return null;
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  /** The proxy for this address, or null to go there directly. */
  public @Nullable ProxyServer proxyFor(URI address) {
    ProxyServer server = "https".equalsIgnoreCase(address.getScheme()) ? https : http;
    return server == null || except.covers(address) ? null : server;
  }
}
