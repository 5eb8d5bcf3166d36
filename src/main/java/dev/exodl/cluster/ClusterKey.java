package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The secret that the nodes of a cluster share: a certificate and its private key, the same on all,
 * that each shows to and wants from each. Who has the file is in, nobody else.
 */
public final class ClusterKey {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final byte[] secret;

  private ClusterKey(X509Certificate certificate, PrivateKey key, byte[] secret) {
    this.certificate = certificate;
    this.key = key;
    this.secret = secret;
  }

  /**
   * Makes a new key in a file that only its owner may read.
   *
   * @throws FailureException storage failure when the file is there already or cannot be written
   */
  public static void generate(Path file) {
    try {
      SelfSigned made = SelfSigned.create();
      String text = pem("CERTIFICATE", made.certificate()) + pem("PRIVATE KEY", made.privateKey());
      try (var out =
          Files.newByteChannel(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw new FailureException(
          new Failure.Storage(
              "the key file is there already and is not overwritten",
              file.toString(),
              "use it, or give another name; nodes with another key could not join any more"),
          e);
    } catch (IOException | GeneralSecurityException e) {
      throw new FailureException(
          new Failure.Storage(
              "cannot make the key file: " + e, file.toString(), "check the folder and its rights"),
          e);
    }
  }

  /**
   * Reads a key that {@link #generate} made.
   *
   * @throws FailureException cluster failure when it is not there, of or readable by others, or no
   *     key
   */
  public static ClusterKey load(Path file) {
    try {
      KeyFile.check(file);
      String text = KeyFile.read(file);
      byte[] encoded = part(text, "PRIVATE KEY", file);
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(part(text, "CERTIFICATE", file)));
      PrivateKey key =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      if (!SelfSigned.isOnOurCurve(certificate.getPublicKey())) {
        throw failure("the key file is not one of exo-dl: its key is not on P-256", file, null);
      }
      refuseIfNotAPair(certificate, key, file);
      return new ClusterKey(certificate, key, encoded);
    } catch (NoSuchFileException e) {
      throw new FailureException(
          new Failure.Cluster(
              "there is no key file",
              file.toString(),
              "make one with 'exo-dl cluster keygen' on one node and copy it to all"),
          e);
    } catch (IOException | GeneralSecurityException e) {
      throw failure("the key file cannot be read: " + e, file, e);
    }
  }

  private static void refuseIfNotAPair(X509Certificate certificate, PrivateKey key, Path file)
      throws GeneralSecurityException {
    byte[] text = "the key fits the certificate".getBytes(StandardCharsets.US_ASCII);
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key);
    signer.update(text);
    byte[] signed = signer.sign();
    signer.initVerify(certificate);
    signer.update(text);
    if (!signer.verify(signed)) {
      throw failure("the key file's key does not fit its certificate", file, null);
    }
  }

  static String pem(String name, byte[] der) {
    return "-----BEGIN "
        + name
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + name
        + "-----\n";
  }

  private static byte[] part(String text, String name, Path file) {
    String begin = "-----BEGIN " + name + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + name + "-----");
    if (from < 0 || to < from) {
      throw failure("the key file is not one of exo-dl: it has no " + name, file, null);
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw failure("the key file is damaged", file, e);
    }
  }

  static FailureException failure(String what, Path file, @Nullable Exception cause) {
    Failure failure =
        new Failure.Cluster(what, file.toString(), "copy it again from a node where it works");
    return cause == null ? new FailureException(failure) : new FailureException(failure, cause);
  }

  /**
   * TLS where both sides show this key's certificate and accept no other one.
   *
   * @param refused told the address of each that showed another one; empty when unknown
   */
  SSLContext tls(Consumer<String> refused) throws GeneralSecurityException {
    return OneIdentity.context(certificate, key, refused);
  }

  /** For other TLS than the cluster's own: shows this key's certificate. */
  public X509ExtendedKeyManager shown() {
    return OneIdentity.shown(certificate, key);
  }

  /** For other TLS than the cluster's own: accepts this key's certificate and no other one. */
  public X509ExtendedTrustManager accepted() {
    try {
      return OneIdentity.accepted(certificate, refused -> {});
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("it was read from its encoded form", e);
    }
  }

  /**
   * 32 bytes that only holders of the key know, other ones for each purpose: HMAC-SHA256 of the
   * purpose with the private key.
   */
  public byte[] secret(String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(("exo-dl " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each JDK has HMAC-SHA256", e);
    }
  }

  /** Says which key it is without telling it: the same text for the same key. */
  @Override
  public String toString() {
    return "key " + HexFormat.of().formatHex(secret("name"), 0, 4);
  }
}
