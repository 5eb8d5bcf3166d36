package dev.exodl.share;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS between nodes: what each shows to the other, and what it accepts, on both sides the same. */
public final class TlsIdentity {
  private static final String PROTOCOL = "TLSv1.3";

  /** All nodes have it (RFC 8446, 9.1), and it is the one that costs least with AES in the CPU. */
  private static final String SUITE = "TLS_AES_128_GCM_SHA256";

  /** Longer than a request may take: who is late is closed for that. */
  private static final long HANDSHAKE_SECONDS = 60;

  private final X509ExtendedKeyManager shown;
  private final X509ExtendedTrustManager accepted;
  private final SSLSocketFactory client;

  public TlsIdentity(X509ExtendedKeyManager shown, X509ExtendedTrustManager accepted) {
    this.shown = shown;
    this.accepted = accepted;
    try {
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(new KeyManager[] {shown}, new TrustManager[] {accepted}, null);
      this.client = context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + PROTOCOL, e);
    }
  }

  /** The same each time: connections are kept for who asks with the same one. */
  SSLSocketFactory client() {
    return client;
  }

  /** What a server has to know before it goes over to TLS on a connection. */
  void describe(NetServerOptions options) {
    options
        .setKeyCertOptions(KeyCertOptions.wrap(shown))
        .setTrustOptions(TrustOptions.wrap(accepted))
        .setClientAuth(ClientAuth.REQUIRED)
        .setEnabledSecureTransportProtocols(Set.of(PROTOCOL))
        .addEnabledCipherSuite(SUITE)
        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
  }
}
