package dev.exodl.download;

import java.util.Arrays;

/** The first bytes of a file, which nobody changes. */
final class Beginning {
  static final Beginning NONE = new Beginning(new byte[0]);

  private final byte[] bytes;

  /** Of these bytes, which are the beginning's own from now on. */
  Beginning(byte[] bytes) {
    this.bytes = bytes;
  }

  int length() {
    return bytes.length;
  }

  void copy(int at, byte[] into, int from, int length) {
    System.arraycopy(bytes, at, into, from, length);
  }

  /** A copy of bytes that are in it. */
  byte[] part(int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** With these bytes after it. */
  Beginning and(byte[] more) {
    byte[] all = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(more, 0, all, bytes.length, more.length);
    return new Beginning(all);
  }
}
