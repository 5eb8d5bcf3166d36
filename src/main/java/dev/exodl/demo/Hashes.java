package dev.exodl.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hashes that the hub lists, made apart from the client's: a mistake made there would go unseen
 * if both sides shared it.
 */
final class Hashes {
  private Hashes() {}

  static MessageDigest sha256() {
    return digest("SHA-256");
  }

  /** A digest that has git's header for a blob of this size in bytes already. */
  static MessageDigest gitBlob(long size) {
    MessageDigest digest = digest("SHA-1");
    digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
    return digest;
  }

  static String gitBlob(byte[] content) {
    return hex(gitBlob(content.length).digest(content));
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + name, e);
    }
  }
}
