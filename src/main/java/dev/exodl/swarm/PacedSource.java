package dev.exodl.swarm;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * A peer from which a least pace is asked: one that gives a byte now and then would hold a chunk
 * for ever. Only time counts in which bytes were waited for, so that whoever reads slowly, as a cap
 * says, blames nobody.
 *
 * @param least bytes a second that a stream has to bring now; 0 for none, when there is nobody else
 *     to ask
 * @param slow told when a stream does not
 * @param opening how long an answer may take until its content comes
 */
record PacedSource(
    ChunkSource source, DoubleSupplier least, LongSupplier nanos, Runnable slow, Duration opening)
    implements ChunkSource {
  /** The pace is looked at after so much waiting each time. */
  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Override
  public ChunkStream open(RepoFile file, ByteRange range) throws SourceException {
    Opening answer = new Opening(Thread.currentThread());
    Thread watch = Thread.ofVirtual().name("answer of a node").start(answer::watch);
    try {
      return new Paced(source.open(file, range));
    } finally {
      answer.begins();
      watch.interrupt();
    }
  }

  /** A head can drip as well. On a virtual thread whoever waits for a socket can be interrupted. */
  private final class Opening {
    private final Thread asks;
    private boolean begun;
    private boolean interrupted;

    Opening(Thread asks) {
      this.asks = asks;
    }

    void watch() {
      try {
        do {
          Thread.sleep(opening);
        } while (!ended());
      } catch (InterruptedException e) {
        // It began, or failed.
      }
    }

    private boolean ended() {
      if (least.getAsDouble() == 0) {
        return false;
      }
      synchronized (this) {
        if (begun) {
          return true;
        }
        interrupted = true;
        asks.interrupt();
      }
      slow.run();
      return true;
    }

    synchronized void begins() {
      begun = true;
      if (interrupted) {
        // Ours, not a wish of whoever runs this thread.
        Thread.interrupted();
      }
    }
  }

  private final class Paced implements ChunkStream {
    private final ChunkStream stream;
    private long waited;
    private long bytes;

    Paced(ChunkStream stream) {
      this.stream = stream;
    }

    @Override
    public long offset() {
      return stream.offset();
    }

    @Override
    public int read(byte[] into, int from, int length) throws SourceException {
      long before = nanos.getAsLong();
      int count = stream.read(into, from, length);
      waited += nanos.getAsLong() - before;
      bytes += Math.max(0, count);
      if (waited >= WINDOW_NANOS) {
        check(bytes * 1e9 / waited);
        waited = 0;
        bytes = 0;
      }
      return count;
    }

    private void check(double pace) throws SourceException {
      if (pace < least.getAsDouble()) {
        slow.run();
        throw new SourceException(
            new Trouble.Broken("a node gives only " + Math.round(pace) + " bytes a second"));
      }
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
}
