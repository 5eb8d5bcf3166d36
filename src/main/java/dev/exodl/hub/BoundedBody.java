package dev.exodl.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body that may be this long and no longer, so that an endless answer does not eat the memory.
 */
final class BoundedBody extends FilterInputStream {
  /** Thrown instead of the byte after the last allowed one. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong(long limit) {
      super("more than " + limit + " bytes");
    }
  }

  private final long limit;
  private long count;

  BoundedBody(InputStream in, long limit) {
    super(in);
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    int b = in.read();
    counted(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int n = in.read(into, from, length);
    counted(Math.max(n, 0));
    return n;
  }

  private void counted(int n) throws IOException {
    count += n;
    if (count > limit) {
      throw new TooLong(limit);
    }
  }
}
