package dev.exodl.download;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Counts what is written. */
final class Counting extends FilterOutputStream {
  private long bytes;

  Counting(OutputStream to) {
    super(to);
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    bytes++;
  }

  @Override
  public void write(byte[] from, int at, int length) throws IOException {
    out.write(from, at, length);
    bytes += length;
  }
}
