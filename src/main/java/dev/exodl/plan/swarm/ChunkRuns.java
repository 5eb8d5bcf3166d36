package dev.exodl.plan.swarm;

import java.util.List;

/** Lists of chunk runs. */
final class ChunkRuns {
  private ChunkRuns() {}

  /** Adds a chunk, to the last run if it is next to it. */
  static void append(List<ChunkRun> runs, int blob, int chunk) {
    ChunkRun last = runs.isEmpty() ? null : runs.getLast();
    if (last != null && last.blob() == blob && last.end() == chunk) {
      runs.set(runs.size() - 1, new ChunkRun(blob, last.first(), chunk + 1));
    } else {
      runs.add(new ChunkRun(blob, chunk, chunk + 1));
    }
  }
}
