package dev.exodl.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A self-signed certificate for localhost and 127.0.0.1, made by the JDK's keytool into a temporary
 * folder.
 *
 * @param trustStore PKCS12 file with the certificate only; password {@link #PASSWORD}
 * @param pem the certificate for curl's --cacert
 */
public record TestCertificate(
    Path trustStore, Path pem, SSLContext serverContext, SSLContext clientContext) {

  public static final String PASSWORD = "changeit";

  private static @Nullable TestCertificate shared;

  /** The certificate of this process: making one takes seconds. */
  public static synchronized TestCertificate shared() throws IOException {
    if (shared == null) {
      shared = create();
    }
    return shared;
  }

  private static TestCertificate create() throws IOException {
    try {
      var folder = Files.createTempDirectory("emulator-tls");
      folder.toFile().deleteOnExit();
      var keys = folder.resolve("keys.p12");
      keytool(keys);
      var keyStore = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
      var certificate = keyStore.getCertificate("hub");
      var trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry("hub", certificate);
      var trustStore = folder.resolve("trust.p12");
      try (var out = Files.newOutputStream(trustStore)) {
        trust.store(out, PASSWORD.toCharArray());
      }
      var pem = folder.resolve("hub.pem");
      var body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      Files.writeString(
          pem, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
      List.of(keys, trustStore, pem).forEach(f -> f.toFile().deleteOnExit());

      var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(keyStore, PASSWORD.toCharArray());
      var server = SSLContext.getInstance("TLS");
      server.init(keyManagers.getKeyManagers(), null, null);
      var trustManagers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trustManagers.init(trust);
      var client = SSLContext.getInstance("TLS");
      client.init(null, trustManagers.getTrustManagers(), null);
      return new TestCertificate(trustStore, pem, server, client);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot make a test certificate", e);
    }
  }

  private static void keytool(Path keys) throws IOException {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "hub",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=exo-dl test hub",
            "-validity",
            "30",
            "-ext",
            "SAN=DNS:localhost,IP:127.0.0.1",
            "-ext",
            "BC=ca:true",
            "-storetype",
            "PKCS12",
            "-keystore",
            keys.toString(),
            "-storepass",
            PASSWORD);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    try {
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool was running", e);
    }
  }
}
