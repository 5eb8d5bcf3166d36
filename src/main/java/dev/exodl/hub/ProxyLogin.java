package dev.exodl.hub;

import java.net.Authenticator;
import java.net.PasswordAuthentication;
import org.jspecify.annotations.Nullable;

/**
 * Gives a proxy's user and password to that proxy only, once a request. Without this bound the JDK
 * would repeat a wrong password twenty times, which locks accounts.
 */
final class ProxyLogin extends Authenticator {
  private final ProxyRules rules;
  private final ThreadLocal<Boolean> given = ThreadLocal.withInitial(() -> false);

  ProxyLogin(ProxyRules rules) {
    this.rules = rules;
    // The JDK asks only the process-wide authenticator for SOCKS.
    if (hasLogin(rules.http(), ProxyServer.Kind.SOCKS)
        || hasLogin(rules.https(), ProxyServer.Kind.SOCKS)) {
      Authenticator.setDefault(this);
    }
  }

  private static boolean hasLogin(@Nullable ProxyServer server, ProxyServer.Kind kind) {
    return server != null && server.kind() == kind && server.user() != null;
  }

  /** Has to be called on the thread of a request before it begins. */
  void begin() {
    given.set(false);
  }

  @Override
  protected @Nullable PasswordAuthentication getPasswordAuthentication() {
    boolean socks = "SOCKS5".equalsIgnoreCase(getRequestingProtocol());
    if (given.get() || (getRequestorType() != RequestorType.PROXY && !socks)) {
      return null;
    }
    ProxyServer.Kind kind = socks ? ProxyServer.Kind.SOCKS : ProxyServer.Kind.HTTP;
    for (ProxyServer server : new ProxyServer[] {rules.https(), rules.http()}) {
      if (isAsking(server, kind)) {
        given.set(true);
        String password = server.password() == null ? "" : server.password();
        return new PasswordAuthentication(server.user(), password.toCharArray());
      }
    }
    return null;
  }

  private boolean isAsking(@Nullable ProxyServer server, ProxyServer.Kind kind) {
    return hasLogin(server, kind)
        && server != null
        && server.host().equalsIgnoreCase(getRequestingHost())
        && server.port() == getRequestingPort();
  }
}
