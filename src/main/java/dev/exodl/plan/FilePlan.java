package dev.exodl.plan;

import dev.exodl.model.ChunkGrid;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** What the plan knows of one file. Changed by events only. */
final class FilePlan {
  enum Stage {
    CLOSED,
    OPENING,
    WAITING,
    OPEN,
    GONE
  }

  final int number;
  final long size;
  final boolean small;
  Stage stage = Stage.CLOSED;
  boolean sequential;
  @Nullable ChunkGrid grid;
  BitSet have = new BitSet();

  /** How many runs of this file are under way. */
  int runs;

  /** Chunks that are in a run and not held yet. */
  final BitSet taken = new BitSet();

  FilePlan(int number, long size, boolean small) {
    this.number = number;
    this.size = size;
    this.small = small;
  }

  void open(ChunkGrid opened, BitSet held) {
    grid = opened;
    have = (BitSet) held.clone();
  }

  ChunkGrid grid() {
    if (grid == null) {
      throw new IllegalStateException("file " + number + " was not opened");
    }
    return grid;
  }

  /** The first chunk from {@code from} on that is neither held nor in a run, or -1. */
  int firstFree(int from) {
    if (stage != Stage.OPEN || (sequential && runs > 0)) {
      return -1;
    }
    int chunk = from;
    while (chunk < grid().count()) {
      chunk = have.nextClearBit(chunk);
      int free = taken.nextClearBit(chunk);
      if (free == chunk) {
        return chunk < grid().count() ? chunk : -1;
      }
      chunk = free;
    }
    return -1;
  }

  /** The end of the free chunks that start at {@code first}, at most {@code limit} of them. */
  int endOfFree(int first, int limit) {
    if (sequential) {
      return grid().count();
    }
    int end = Math.min(grid().count(), first + limit);
    int held = have.nextSetBit(first);
    int inRun = taken.nextSetBit(first);
    end = held >= 0 ? Math.min(end, held) : end;
    return inRun >= 0 ? Math.min(end, inRun) : end;
  }

  /** Whether all is held and nobody writes any more. */
  boolean whole() {
    return stage == Stage.OPEN && runs == 0 && have.cardinality() == grid().count();
  }
}
