package dev.exodl.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A fresh key pair on the curve P-256 and a certificate signed with it, in DER (RFC 5280): the JDK
 * has no public way to make one. It has no extensions and no end, since nothing but its being the
 * same on both sides is asked of it.
 */
final class SelfSigned {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;

  /** OID 1.2.840.10045.4.3.2, ecdsa-with-SHA256 (RFC 5758). */
  private static final byte[] ECDSA_WITH_SHA256 = {
    0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
  };

  /** How each public key on P-256 begins (RFC 5480): the two OIDs, an uncompressed point. */
  private static final byte[] ON_P256 =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

  /** OID 2.5.4.3, commonName. */
  private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};

  private final PrivateKey key;
  private final byte[] certificate;

  private SelfSigned(PrivateKey key, byte[] certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  static SelfSigned create() throws GeneralSecurityException {
    return create("secp256r1");
  }

  /** Whether a key is of the kind that {@link #create()} makes. */
  static boolean isOnOurCurve(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return encoded.length == 91
        && Arrays.equals(encoded, 0, ON_P256.length, ON_P256, 0, ON_P256.length);
  }

  /** For tests: on another curve. */
  static SelfSigned create(String curve) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(curve));
    KeyPair pair = generator.generateKeyPair();
    byte[] algorithm = der(SEQUENCE, ECDSA_WITH_SHA256);
    byte[] name =
        der(
            SEQUENCE,
            der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, ascii("exo-dl cluster")))));
    byte[] serial = new byte[16];
    new SecureRandom().nextBytes(serial);
    serial[0] = (byte) ((serial[0] & 0x7f) | 0x40);
    // From before any clock that is wrong, to RFC 5280's "no end" (4.1.2.5).
    byte[] validity =
        der(
            SEQUENCE,
            der(UTC_TIME, ascii("700101000000Z")),
            der(GENERALIZED_TIME, ascii("99991231235959Z")));
    byte[] body =
        der(
            SEQUENCE,
            der(INTEGER, serial),
            algorithm,
            name,
            validity,
            name,
            pair.getPublic().getEncoded());
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(pair.getPrivate());
    signer.update(body);
    byte[] certificate =
        der(SEQUENCE, body, algorithm, der(BIT_STRING, new byte[] {0}, signer.sign()));
    return new SelfSigned(pair.getPrivate(), certificate);
  }

  /** The certificate in DER. */
  byte[] certificate() {
    return certificate.clone();
  }

  /** The private key in PKCS #8. */
  byte[] privateKey() {
    return key.getEncoded();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] der(int tag, byte[]... contents) {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    for (byte[] c : contents) {
      inner.writeBytes(c);
    }
    int length = inner.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(inner.toByteArray());
    return out.toByteArray();
  }
}
