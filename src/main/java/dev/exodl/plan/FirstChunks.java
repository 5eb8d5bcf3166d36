package dev.exodl.plan;

import dev.exodl.plan.swarm.ChunkBits;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Chunks that come before all others, in sets of which each comes before the next. */
final class FirstChunks {
  static final FirstChunks NONE = new FirstChunks(0, List.of());

  private final List<ChunkBits> sets = new ArrayList<>();

  /** Sets of places, in their order. */
  FirstChunks(int places, List<BitSet> these) {
    for (BitSet one : these) {
      ChunkBits set = new ChunkBits(places);
      one.stream().forEach(set::set);
      sets.add(set);
    }
  }

  /** The sets of which something is left to begin with, in their order. */
  List<ChunkBits> left(FreeChunks chunks) {
    if (sets.isEmpty()) {
      return List.of();
    }
    return sets.stream().filter(set -> isLeft(set, chunks)).toList();
  }

  private static boolean isLeft(ChunkBits set, FreeChunks chunks) {
    for (int i = 0; i < set.words(); i++) {
      if ((set.word(i) & (chunks.free.word(i) | chunks.pending.word(i))) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Of the first set that lacks some those that nobody holds and this node has no lease for. */
  BitSet lacking(FreeChunks chunks, ChunkBits held, ChunkBits leased) {
    for (ChunkBits set : sets) {
      long[] lacking = new long[set.words()];
      long any = 0;
      for (int i = 0; i < lacking.length; i++) {
        long toCome = chunks.free.word(i) | chunks.pending.word(i);
        lacking[i] = set.word(i) & toCome & ~held.word(i) & ~leased.word(i);
        any |= lacking[i];
      }
      if (any != 0) {
        return BitSet.valueOf(lacking);
      }
    }
    return new BitSet();
  }
}
