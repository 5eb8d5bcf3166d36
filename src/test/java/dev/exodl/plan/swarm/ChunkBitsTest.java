package dev.exodl.plan.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class ChunkBitsTest implements WithQuickTheories {
  @Test
  void doesWhatABitSetDoes() {
    qt().forAll(integers().between(1, 400), longs().all())
        .checkAssert(
            (size, seed) -> {
              Random random = new Random(seed);
              ChunkBits bits = new ChunkBits(size);
              BitSet like = new BitSet();
              for (int i = 0; i < 40; i++) {
                int first = random.nextInt(size);
                int end = first + random.nextInt(size - first + 1);
                switch (random.nextInt(4)) {
                  case 0 -> {
                    bits.set(first, end);
                    like.set(first, end);
                  }
                  case 1 -> {
                    bits.clear(first, end);
                    like.clear(first, end);
                  }
                  case 2 -> {
                    bits.set(first);
                    like.set(first);
                  }
                  default -> {
                    bits.set(first, false);
                    like.clear(first);
                  }
                }
                assertEquals(like.cardinality(), bits.cardinality());
                for (int p = 0; p < size; p++) {
                  assertEquals(like.get(p), bits.get(p));
                  assertEquals(like.nextSetBit(p), bits.nextSet(p));
                }
              }
            });
  }
}
