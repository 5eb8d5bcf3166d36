package dev.exodl.cluster;

import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS where both sides are the same: one certificate is shown, and only that one is accepted. */
final class OneIdentity {
  private OneIdentity() {}

  /**
   * A context for both sides.
   *
   * @param refused told the address of each that showed another certificate; empty when unknown
   */
  static SSLContext context(X509Certificate certificate, PrivateKey key, Consumer<String> refused)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        new KeyManager[] {shown(certificate, key)},
        new TrustManager[] {accepted(certificate, refused)},
        null);
    return context;
  }

  static X509ExtendedKeyManager shown(X509Certificate certificate, PrivateKey key) {
    return new Shown(certificate, key);
  }

  /** Tells {@code refused} as {@link #context} does. */
  static X509ExtendedTrustManager accepted(X509Certificate certificate, Consumer<String> refused)
      throws CertificateEncodingException {
    return new Accepted(certificate.getEncoded(), refused);
  }

  private static final class Shown extends X509ExtendedKeyManager {
    private static final String ALIAS = "cluster";

    private final X509Certificate certificate;
    private final PrivateKey key;

    Shown(X509Certificate certificate, PrivateKey key) {
      this.certificate = certificate;
      this.key = key;
    }

    private static @Nullable String alias(String... types) {
      for (String type : types) {
        if (type.startsWith("EC")) {
          return ALIAS;
        }
      }
      return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return alias(types);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return alias(types);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return alias(type);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return alias(type);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }

  /** Nothing but the certificate itself counts: no name, no time, no signer. */
  private static final class Accepted extends X509ExtendedTrustManager {
    private final byte[] certificate;
    private final Consumer<String> refused;

    Accepted(byte[] certificate, Consumer<String> refused) {
      this.certificate = certificate;
      this.refused = refused;
    }

    private void check(X509Certificate[] chain, @Nullable InetAddress from)
        throws CertificateException {
      if (chain.length == 0 || !MessageDigest.isEqual(chain[0].getEncoded(), certificate)) {
        refused.accept(from == null ? "" : from.getHostAddress());
        throw new CertificateException("another cluster key");
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain, null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      check(chain, socket == null ? null : socket.getInetAddress());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
        throws CertificateException {
      check(chain, socket == null ? null : socket.getInetAddress());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      check(chain, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
        throws CertificateException {
      check(chain, null);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
