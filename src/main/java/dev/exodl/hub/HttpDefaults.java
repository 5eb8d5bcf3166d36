package dev.exodl.hub;

/**
 * What the JDK's HTTP client reads from system properties once, at its first connection. The
 * program's main calls {@link #apply()} first; whatever opens a connection calls it as well.
 */
public final class HttpDefaults {
  /** Idle connections kept for one host; the JDK's 5 would close the rest after each request. */
  private static final String IDLE_CONNECTIONS = "256";

  private HttpDefaults() {}

  /** Sets the properties that the user has not set with {@code -D}. Idempotent. */
  public static void apply() {
    set("http.maxConnections", IDLE_CONNECTIONS);
    set("http.keepAlive", "true");
    // The JDK refuses Basic for tunnels by default; proxies of companies ask for just that.
    set("jdk.http.auth.tunneling.disabledSchemes", "");
    set("jdk.http.auth.proxying.disabledSchemes", "");
  }

  private static void set(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
