package dev.exodl.hub;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates of a PEM bundle as the only roots of trust, as REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE
 * mean it. Checks are never switched off.
 */
final class TrustedRoots {
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]+-----END CERTIFICATE-----");

  private TrustedRoots() {}

  /**
   * Sockets that trust the certificates of a file, or of all files in a folder.
   *
   * @throws FailureException usage failure when it cannot be read or holds no certificate
   */
  static SSLSocketFactory from(Path bundle) {
    try {
      List<Certificate> roots = new ArrayList<>();
      for (Path file : files(bundle)) {
        roots.addAll(read(file));
      }
      if (roots.isEmpty()) {
        throw bad(bundle, "it holds no PEM certificate");
      }
      return trusting(roots);
    } catch (IOException e) {
      throw bad(bundle, "it cannot be read");
    } catch (GeneralSecurityException e) {
      throw bad(bundle, "a certificate in it is damaged");
    }
  }

  private static List<Path> files(Path bundle) throws IOException {
    if (!Files.isDirectory(bundle)) {
      return List.of(bundle);
    }
    try (Stream<Path> entries = Files.list(bundle)) {
      return entries.filter(Files::isRegularFile).toList();
    }
  }

  private static List<Certificate> read(Path file) throws IOException, GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> found = new ArrayList<>();
    Matcher m = CERTIFICATE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    while (m.find()) {
      byte[] pem = m.group().getBytes(StandardCharsets.US_ASCII);
      found.add(factory.generateCertificate(new ByteArrayInputStream(pem)));
    }
    return found;
  }

  private static SSLSocketFactory trusting(List<Certificate> roots)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < roots.size(); i++) {
      store.setCertificateEntry("root" + i, roots.get(i));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context.getSocketFactory();
  }

  private static FailureException bad(Path bundle, String why) {
    return new FailureException(
        new Failure.Usage(
            "the file of trusted certificates cannot be used: " + why,
            bundle.toString(),
            "give a PEM file by EXO_DL_CA_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE or SSL_CERT_FILE"));
  }
}
