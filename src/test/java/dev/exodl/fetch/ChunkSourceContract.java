package dev.exodl.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every source keeps, whoever is behind it. A subclass gives a source with one file of at
 * least 100,000 bytes.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ChunkSourceContract {
  protected abstract ChunkSource source();

  protected abstract RepoFile file();

  protected abstract byte[] content();

  /** A source whose streams give some bytes and then nothing more, without ending. */
  protected abstract ChunkSource stalling();

  private byte[] read(ByteRange range) throws SourceException {
    byte[] into = new byte[(int) range.length()];
    try (ChunkStream stream = source().open(file(), range)) {
      assertEquals(range.offset(), stream.offset());
      int got = 0;
      while (got < into.length) {
        int count = stream.read(into, got, into.length - got);
        assertTrue(count > 0, "a read gives at least a byte, or -1 at the end");
        got += count;
        assertEquals(range.offset() + got, stream.offset());
      }
    }
    return into;
  }

  @Test
  void givesExactlyTheBytesOfTheRange() throws SourceException {
    long size = file().size();
    long[][] ranges = {{0, size}, {0, 1}, {size - 1, size}, {1000, 70_001}, {65_536, 65_537}};
    for (long[] r : ranges) {
      assertArrayEquals(
          Arrays.copyOfRange(content(), (int) r[0], (int) r[1]), read(new ByteRange(r[0], r[1])));
    }
  }

  @Test
  void tellsTheEnd() throws SourceException {
    long size = file().size();
    try (ChunkStream stream = source().open(file(), new ByteRange(size - 10, size))) {
      byte[] into = new byte[100];
      int got = 0;
      for (int count = stream.read(into, 0, 100); count >= 0; count = stream.read(into, got, 50)) {
        got += count;
      }
      assertEquals(10, got);
      assertEquals(-1, stream.read(into, 0, 100));
    }
  }

  @Test
  void writesOnlyWhereItWasTold() throws SourceException {
    byte[] into = new byte[30];
    try (ChunkStream stream = source().open(file(), new ByteRange(0, 100))) {
      int count = stream.read(into, 10, 5);
      assertTrue(count >= 1 && count <= 5);
      assertArrayEquals(new byte[10], Arrays.copyOf(into, 10));
      assertArrayEquals(new byte[15], Arrays.copyOfRange(into, 15, 30));
    }
  }

  @Test
  void servesManyAtOnce() throws Exception {
    CompletableFuture<?>[] all = new CompletableFuture<?>[12];
    for (int i = 0; i < all.length; i++) {
      ByteRange range = new ByteRange(i * 1000L, 50_000 + i);
      CompletableFuture<byte[]> done = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  done.complete(read(range));
                } catch (SourceException | RuntimeException | Error e) {
                  done.completeExceptionally(e);
                }
              });
      byte[] expected = Arrays.copyOfRange(content(), (int) range.offset(), (int) range.end());
      all[i] = done.thenAccept(got -> assertArrayEquals(expected, got));
    }
    CompletableFuture.allOf(all).get(20, TimeUnit.SECONDS);
  }

  @Test
  void anAbortEndsAReadThatHangs() throws Exception {
    CompletableFuture<ChunkStream> opened = new CompletableFuture<>();
    CompletableFuture<SourceException> ended = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (ChunkStream stream = stalling().open(file(), new ByteRange(0, file().size()))) {
                opened.complete(stream);
                byte[] into = new byte[10_000];
                while (stream.read(into, 0, into.length) >= 0) {
                  // Until it hangs.
                }
              } catch (SourceException e) {
                ended.complete(e);
              } catch (RuntimeException e) {
                ended.completeExceptionally(e);
              }
            });
    ChunkStream stream = opened.get(10, TimeUnit.SECONDS);
    Thread.sleep(200);
    stream.abort();
    stream.abort();
    assertTrue(ended.get(5, TimeUnit.SECONDS).trouble() instanceof Trouble.Broken);
  }

  @Test
  void nothingCanBeReadAfterAnAbort() throws SourceException {
    try (ChunkStream stream = source().open(file(), new ByteRange(0, file().size()))) {
      stream.read(new byte[10], 0, 10);
      stream.abort();
      assertThrows(SourceException.class, () -> stream.read(new byte[10], 0, 10));
    }
  }

  @Test
  void closingInTheMiddleAndTwiceIsFine() throws SourceException {
    ChunkStream stream = source().open(file(), new ByteRange(0, file().size()));
    stream.read(new byte[10], 0, 10);
    stream.close();
    stream.close();
    assertEquals(10, read(new ByteRange(5, 15)).length);
  }
}
