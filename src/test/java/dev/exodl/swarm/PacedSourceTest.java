package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PacedSourceTest {
  private static final RepoFile FILE = new RepoFile(new RepoPath("file"), 1 << 20, Ids.blob(0));

  private long now;
  private long waits = 1_000_000_000;
  private double least = 100;
  private final AtomicInteger slow = new AtomicInteger();

  /** Gives what it is asked for, after a wait. */
  private final class Slow implements ChunkStream {
    private long offset;

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      now += waits;
      offset += length;
      return length;
    }

    @Override
    public void abort() {}

    @Override
    public void close() {}
  }

  private ChunkStream stream() throws SourceException {
    return stream((file, range) -> new Slow());
  }

  private ChunkStream stream(ChunkSource source) throws SourceException {
    return new PacedSource(
            source, () -> least, () -> now, () -> slow.incrementAndGet(), Duration.ofMillis(50))
        .open(FILE, new ByteRange(0, 1 << 20));
  }

  /** How many of 100 reads are good. */
  private int reads(ChunkStream stream, int bytes) {
    for (int i = 0; i < 100; i++) {
      try {
        stream.read(new byte[bytes], 0, bytes);
      } catch (SourceException e) {
        return i;
      }
    }
    return 100;
  }

  @Test
  void whoDripsIsNotReadForLong() throws SourceException {
    assertEquals(9, reads(stream(), 1));
    assertEquals(1, slow.get());
  }

  @Test
  void whoHasTheLeastPaceMayGoOn() throws SourceException {
    assertEquals(100, reads(stream(), 100));
    assertEquals(9, reads(stream(), 99));
  }

  @Test
  void whatCameFastBeforeDoesNotCount() throws SourceException {
    ChunkStream stream = stream();
    assertEquals(100, reads(stream, 10_000));
    assertEquals(9, reads(stream, 1));
  }

  @Test
  void whereNobodyElseCanBeAskedWhatComesIsTaken() throws SourceException {
    least = 0;
    assertEquals(100, reads(stream(), 1));
    assertEquals(0, slow.get());
  }

  @Test
  void whoReadsSlowlyItselfBlamesNobody() throws SourceException {
    waits = 10_000;
    ChunkStream stream = stream();
    for (int i = 0; i < 100; i++) {
      now += 60_000_000_000L;
      assertEquals(1, stream.read(new byte[1], 0, 1));
    }
    assertEquals(0, slow.get());
  }

  @Test
  void anAnswerThatDoesNotBeginIsNotWaitedForLong() {
    SourceException e =
        assertThrows(
            SourceException.class,
            () ->
                stream(
                    (file, range) -> {
                      try {
                        Thread.sleep(Duration.ofMinutes(10));
                        return new Slow();
                      } catch (InterruptedException i) {
                        Thread.currentThread().interrupt();
                        throw new SourceException(new Trouble.Broken("it dripped"));
                      }
                    }));
    assertEquals("it dripped", e.trouble().what());
    assertFalse(Thread.currentThread().isInterrupted(), "whoever reads goes on");
  }

  @Test
  void whatWentWrongIsSaid() {
    assertEquals(
        "a node gives only 1 bytes a second",
        assertThrows(
                SourceException.class,
                () -> {
                  ChunkStream stream = stream();
                  for (int i = 0; i < 100; i++) {
                    stream.read(new byte[1], 0, 1);
                  }
                })
            .trouble()
            .what());
  }
}
