package dev.exodl.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes of state and journal: what is written is read again, and nothing else is believed. */
class StateFileTest {
  private static StateFile state(long blobSize, int power, long seed) {
    Random random = new Random(seed);
    ChunkGrid grid = new ChunkGrid(blobSize, 1 << power);
    Held held = new Held(grid.count());
    for (int i = 0; i < grid.count(); i++) {
      if (random.nextBoolean()) {
        held.add(i, random.nextInt());
      }
    }
    return new StateFile(blob(random), grid, random.nextLong(), held);
  }

  private static BlobId blob(Random random) {
    int digits = random.nextBoolean() ? 64 : 40;
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < digits; i++) {
      hex.append(Character.forDigit(random.nextInt(16), 16));
    }
    return BlobId.of(hex.toString());
  }

  @Test
  void whatIsWrittenIsRead() {
    qt().forAll(longs().between(0, 300L << 20), integers().between(20, 26), longs().all())
        .checkAssert(
            (size, power, seed) -> {
              StateFile state = state(size, power, seed);
              assertEquals(state, decode(state.encode()));
            });
  }

  private static StateFile decode(byte[] bytes) {
    try {
      return StateFile.decode(bytes);
    } catch (StateFile.Damaged e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anyChangedByteIsNoticed() {
    byte[] good = state(20L << 20, 20, 7).encode();
    for (int i = 0; i < good.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) (1 << bit);
        assertThrows(StateFile.Damaged.class, () -> StateFile.decode(bad), "byte " + i);
      }
    }
  }

  @Test
  void anyOtherLengthIsNoticed() {
    byte[] good = state(20L << 20, 20, 8).encode();
    for (int length = 0; length < good.length + 20; length++) {
      if (length != good.length) {
        byte[] bad = Arrays.copyOf(good, length);
        assertThrows(StateFile.Damaged.class, () -> StateFile.decode(bad), "length " + length);
      }
    }
  }

  @Test
  void anUnknownVersionIsNotRead() {
    byte[] newer = state(1 << 20, 20, 9).encode();
    ByteBuffer.wrap(newer).putInt(8, 2);
    ByteBuffer.wrap(newer).putInt(newer.length - 4, StateFile.crc(newer, newer.length - 4));
    StateFile.Damaged damaged =
        assertThrows(StateFile.Damaged.class, () -> StateFile.decode(newer));
    assertEquals("it has the unknown format version 2", damaged.getMessage());
  }

  @Test
  void nonsenseIsNotRead() {
    qt().forAll(integers().between(0, 300), longs().all())
        .checkAssert(
            (length, seed) -> {
              byte[] bytes = new byte[length];
              new Random(seed).nextBytes(bytes);
              assertThrows(StateFile.Damaged.class, () -> StateFile.decode(bytes));
              assertEquals(Optional.empty(), Journal.parse(bytes));
            });
  }
}
