package dev.exodl.fetch;

/**
 * Bytes of one file in order, from one source over one connection. One thread reads; any thread may
 * abort.
 */
public interface ChunkStream extends AutoCloseable {
  /**
   * Where in the file the next byte to be read stands. Before the first read it may be less than
   * was asked for.
   */
  long offset();

  /**
   * Reads at least one byte.
   *
   * @return the number of bytes read, or -1 when the source has sent all it promised
   * @throws SourceException when the connection broke, stalled or ended early
   */
  int read(byte[] into, int from, int length) throws SourceException;

  /**
   * Makes a read in progress fail and frees the connection. Idempotent, callable from any thread.
   */
  void abort();

  /** Gives the connection back for reuse when all was read, else drops it. Never throws. */
  @Override
  void close();
}
