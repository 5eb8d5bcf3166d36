package dev.exodl.verify;

import java.security.MessageDigest;
import java.util.HexFormat;

/** A hash by the JDK's MessageDigest. */
final class JdkHash implements ByteHash {
  private final MessageDigest digest;

  JdkHash(MessageDigest digest) {
    this.digest = digest;
  }

  @Override
  public void update(byte[] bytes, int from, int length) {
    digest.update(bytes, from, length);
  }

  @Override
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
