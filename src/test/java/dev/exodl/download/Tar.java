package dev.exodl.download;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes tar files by hand, also such as nobody should. */
final class Tar {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Tar file(String name, byte[] content) {
    return header(name, content.length, '0').raw(content);
  }

  Tar header(String name, long size, char kind) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, String.format("%011o\0", size));
    put(header, 136, "00000000000\0");
    put(header, 148, "        ");
    put(header, 156, String.valueOf(kind));
    put(header, 157, kind == '1' || kind == '2' ? "/etc/passwd" : "");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format("%06o\0 ", sum));
    bytes.writeBytes(header);
    return this;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(ascii, 0, header, at, ascii.length);
  }

  /** Bytes, filled up to whole units. */
  Tar raw(byte[] content) {
    bytes.writeBytes(content);
    bytes.writeBytes(new byte[-content.length & 511]);
    return this;
  }

  byte[] open() {
    return bytes.toByteArray();
  }

  byte[] end() {
    bytes.writeBytes(new byte[1024]);
    return bytes.toByteArray();
  }
}
