package dev.exodl.plan.swarm;

import java.util.ArrayList;
import java.util.List;

/** What one node has leased, as the coordinator knows it. */
final class Holding {
  /** Chunks that this node is to fetch, in the order in which it probably does. */
  List<ChunkRun> runs = new ArrayList<>();

  /** How many of them it does not hold yet. */
  int left;

  double bytesPerSecond;

  /** When a chunk of it came last, or the first one was leased. */
  long progressed;

  /** Nothing came for too long: others may have the same chunks. */
  boolean over;

  /**
   * Milliseconds until the last chunk is here, were nothing to change.
   *
   * @param chunk bytes
   */
  double millisLeft(int chunk, long nowMillis) {
    double waited = nowMillis - progressed;
    double each = bytesPerSecond > 0 ? chunk * 1000.0 / bytesPerSecond : 0;
    // Who waits for a chunk longer than its rate tells is slower than it told.
    return waited <= each ? left * each - waited : left * Math.max(1, waited);
  }

  /** How long it may last from its last progress on. */
  double patience(int chunk) {
    double all = bytesPerSecond > 0 ? left * (chunk * 1000.0) / bytesPerSecond : 0;
    return Math.max(LeasePlan.LEASE_MILLIS, Math.min(2 * all, LeasePlan.LONGEST_MILLIS));
  }
}
