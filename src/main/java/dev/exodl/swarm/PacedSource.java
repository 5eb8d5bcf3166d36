package dev.exodl.swarm;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;
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
 */
record PacedSource(ChunkSource source, DoubleSupplier least, LongSupplier nanos, Runnable slow)
    implements ChunkSource {
  /** The pace is looked at after so much waiting each time. */
  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Override
  public ChunkStream open(RepoFile file, ByteRange range) throws SourceException {
    return new Paced(source.open(file, range));
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
