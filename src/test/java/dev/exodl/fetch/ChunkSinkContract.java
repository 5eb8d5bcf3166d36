package dev.exodl.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.model.Chunk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What every sink keeps. A subclass gives an empty sink for content of its choice. */
public abstract class ChunkSinkContract {
  protected abstract byte[] content();

  protected abstract ChunkSink sink();

  /** What the sink holds now. */
  protected abstract byte[] stored();

  /** The chunks that it counts as held. */
  protected abstract BitSet held();

  private static int crc(byte[] content, Chunk chunk) {
    CRC32C crc = new CRC32C();
    crc.update(content, (int) chunk.offset(), chunk.length());
    return (int) crc.getValue();
  }

  private List<Chunk> shuffled(ChunkSink sink) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < sink.grid().count(); i++) {
      chunks.add(sink.grid().chunk(i));
    }
    Collections.shuffle(chunks, new Random(3));
    return chunks;
  }

  private void put(ChunkSink sink, Chunk chunk) {
    int step = 100_000;
    for (long at = chunk.offset(); at < chunk.end(); at += step) {
      sink.write(at, content(), (int) at, (int) Math.min(step, chunk.end() - at));
    }
    sink.held(chunk, crc(content(), chunk));
  }

  @Test
  void itsGridIsTheContents() {
    assertEquals(content().length, sink().grid().blobSize());
  }

  @Test
  void takesChunksInAnyOrder() {
    ChunkSink sink = sink();
    shuffled(sink).forEach(chunk -> put(sink, chunk));
    assertArrayEquals(content(), stored());
    assertEquals(sink.grid().count(), held().cardinality());
  }

  @Test
  void countsAChunkOnlyWhenToldSo() {
    ChunkSink sink = sink();
    Chunk last = sink.grid().chunk(sink.grid().count() - 1);
    sink.write(last.offset(), content(), (int) last.offset(), last.length());
    assertEquals(0, held().cardinality());
    sink.held(last, crc(content(), last));
    assertEquals(1, held().cardinality());
  }

  @Test
  void takesTheSameBytesTwice() {
    ChunkSink sink = sink();
    shuffled(sink).forEach(chunk -> put(sink, chunk));
    shuffled(sink).forEach(chunk -> put(sink, chunk));
    assertArrayEquals(content(), stored());
  }

  @Test
  void takesChunksFromManyThreads() throws Exception {
    ChunkSink sink = sink();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (Chunk chunk : shuffled(sink)) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      all.add(done);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  put(sink, chunk);
                  done.complete(null);
                } catch (RuntimeException | Error e) {
                  done.completeExceptionally(e);
                }
              });
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    assertArrayEquals(content(), stored());
    assertEquals(Arrays.hashCode(content()), Arrays.hashCode(stored()));
  }
}
