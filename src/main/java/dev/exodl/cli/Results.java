package dev.exodl.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** stdout for a result that is many bytes: what cannot be written is told at once. */
final class Results extends OutputStream {
  private final PrintStream out;

  Results(Console console) {
    this.out = console.out();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
    flush();
  }

  @Override
  public void flush() throws IOException {
    if (out.checkError()) {
      throw new IOException("whoever read it is gone, or has no room");
    }
  }
}
