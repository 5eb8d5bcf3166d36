package dev.exodl.verify;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A hash over bytes in order: the seam where a faster engine than the JDK's can be put in. */
public interface ByteHash {
  void update(byte[] bytes, int from, int length);

  /** The hash in lower-case hexadecimal digits. Ends the hash: no bytes may follow. */
  String hex();

  /** Makes hashes of the two kinds that name blobs. */
  interface Engine {
    ByteHash sha256();

    ByteHash sha1();
  }

  /**
   * The fastest engine here: OpenSSL's in a native image, where the JDK's own does not use the
   * CPU's SHA instructions; the JDK's elsewhere.
   */
  static Engine fastest() {
    // GraalVM's documented property: set while an image is built and while it runs, nowhere else.
    return System.getProperty("org.graalvm.nativeimage.imagecode") == null
        ? JDK
        : OpenSslHash.ENGINE;
  }

  /** The JDK's own; it uses the CPU's SHA instructions on HotSpot. */
  Engine JDK =
      new Engine() {
        @Override
        public ByteHash sha256() {
          return new JdkHash(algorithm("SHA-256"));
        }

        @Override
        public ByteHash sha1() {
          return new JdkHash(algorithm("SHA-1"));
        }
      };

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + name, e);
    }
  }
}
