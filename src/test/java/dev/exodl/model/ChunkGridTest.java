package dev.exodl.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class ChunkGridTest implements WithQuickTheories {
  @Test
  void chunksTileAFileExactly() {
    qt().forAll(longs().between(0, 200_000_000_000L), integers().between(20, 26))
        .checkAssert(
            (size, shift) -> {
              ChunkGrid grid = new ChunkGrid(size, 1 << shift);
              long end = 0;
              for (int i = 0; i < grid.count(); i++) {
                Chunk chunk = grid.chunk(i);
                assertEquals(end, chunk.offset());
                assertEquals(end, grid.start(i));
                assertTrue(chunk.length() > 0);
                assertEquals(i, grid.indexOf(chunk.offset()));
                assertEquals(i, grid.indexOf(chunk.end() - 1));
                end = chunk.end();
              }
              assertEquals(size, end);
              assertEquals(size, grid.start(grid.count()));
            });
  }

  @Test
  void aSnapshotHasAtMostAboutSixteenThousandChunks() {
    qt().forAll(longs().between(0, 1_000_000_000_000L))
        .check(size -> new ChunkGrid(size, ChunkGrid.chunkSizeFor(size)).count() <= 16_384);
  }

  @Test
  void anEmptyFileHasNoChunk() {
    assertEquals(0, new ChunkGrid(0, 1 << 20).count());
  }

  @Test
  void refusesSizesThatAreNoPowerOfTwo() {
    assertThrows(IllegalArgumentException.class, () -> new ChunkGrid(5, 3 << 20));
  }
}
