package dev.exodl.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import org.junit.jupiter.api.Test;

class BatchedStreamTest {
  private static final int SIZE = 1 << 20;

  /** Bytes that come in packets of 1460 at a rate, of which a read gives those that are there. */
  private static final class Line implements ChunkStream {
    private static final int PACKET = 1460;

    private final double bytesPerNano;
    private final long began = System.nanoTime();
    private int given;
    private int reads;
    private boolean closed;
    private boolean aborted;

    Line(double bytesPerSecond) {
      bytesPerNano = bytesPerSecond / 1e9;
    }

    private int there() {
      long packets = (long) ((System.nanoTime() - began) * bytesPerNano) / PACKET;
      return (int)
          Math.min(SIZE, packets * PACKET + (packets * PACKET + PACKET > SIZE ? PACKET : 0));
    }

    @Override
    public long offset() {
      return given;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      while (there() == given) {
        Thread.onSpinWait();
      }
      int count = Math.min(length, there() - given);
      given += count;
      reads++;
      return count;
    }

    @Override
    public void abort() {
      aborted = true;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static void readAll(BatchedStream stream) throws SourceException {
    byte[] buffer = new byte[64 << 10];
    for (int left = SIZE; left > 0; ) {
      left -= stream.read(buffer, 0, Math.min(left, buffer.length));
    }
  }

  @Test
  void aSlowStreamIsReadInFewReads() throws SourceException {
    Line line = new Line(4e6);
    readAll(new BatchedStream(line));
    assertEquals(SIZE, line.given);
    // 720 packets came one by one, 35 of them before the rate was known.
    assertTrue(line.reads < 200, line.reads + " reads");
  }

  @Test
  void whatIsThereIsReadAtOnce() throws SourceException {
    Line line = new Line(1e12);
    readAll(new BatchedStream(line));
    assertEquals(SIZE / (64 << 10), line.reads, 1);
  }

  @Test
  void endsAsTheStreamDoes() {
    Line line = new Line(1e12);
    BatchedStream stream = new BatchedStream(line);
    stream.abort();
    stream.close();
    assertTrue(line.aborted && line.closed);
    assertEquals(0, stream.offset());
  }
}
