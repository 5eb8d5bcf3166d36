package dev.exodl.share;

import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A stream that is read in batches. Each time a thread waits for bytes costs system calls and two
 * changes of thread, more than the bytes themselves when many streams share a line and each brings
 * a few KiB at a time. So it sleeps about as long as a batch takes to come, and never longer than
 * what is left would take: the kernel takes the bytes meanwhile. A fast stream is not slowed: its
 * batch is there at once.
 */
final class BatchedStream implements ChunkStream {
  /** Fits the receive buffer that a connection has at first. */
  private static final int BATCH = 48 << 10;

  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** To sleep for less costs as much as it saves. */
  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final ChunkStream stream;
  private final long began = System.nanoTime();
  private long bytes;

  BatchedStream(ChunkStream stream) {
    this.stream = stream;
  }

  @Override
  public long offset() {
    return stream.offset();
  }

  @Override
  public int read(byte[] into, int from, int length) throws SourceException {
    if (bytes >= BATCH) {
      long nanos = nanos(Math.min(length, BATCH));
      if (nanos >= SHORTEST_NANOS) {
        LockSupport.parkNanos(Math.min(nanos, LONGEST_NANOS));
      }
    }
    int count = stream.read(into, from, length);
    bytes += Math.max(0, count);
    return count;
  }

  /** How long so many bytes take, as the ones before did. */
  private long nanos(int wanted) {
    return (long) ((double) (System.nanoTime() - began) / bytes * wanted);
  }

  @Override
  public void abort() {
    stream.abort();
  }

  @Override
  public void close() {
    stream.close();
  }
}
