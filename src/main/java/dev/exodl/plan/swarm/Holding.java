package dev.exodl.plan.swarm;

import java.util.ArrayList;
import java.util.List;

/** What one node has leased, as the coordinator knows it. */
final class Holding {
  /** One for each stream. */
  private static final int BEGUN = 4;

  /** A stream's request is for about so long. */
  private static final double BEGUN_SECONDS = 0.5;

  /** So many have begun with a chunk at most. */
  private static final int STREAMS = 64;

  /** No node is faster; bytes a second. */
  private static final double FASTEST = 4L << 30;

  /** Whether its node encrypts. */
  final boolean encrypts;

  /** Chunks that this node is to fetch, in the order in which it probably does. */
  List<ChunkRun> runs = new ArrayList<>();

  /** How many of them it does not hold yet. */
  int left;

  /** What was granted by answers that its node has perhaps not heard. */
  final List<Sent> sent = new ArrayList<>();

  double bytesPerSecond;

  /** How many of them it told to have begun with. */
  int begunTold;

  /** When a chunk of it came last, or the first one was leased. */
  long progressed;

  /** When its node told of it last. */
  long toldAt;

  /** Nothing came for too long: others may have the same chunks. */
  boolean over;

  /** Chunks granted by the answer of this number. */
  record Sent(int number, List<ChunkRun> runs) {}

  Holding(boolean encrypts) {
    this.encrypts = encrypts;
  }

  /**
   * Milliseconds until the last chunk is here, were nothing to change.
   *
   * @param chunk bytes
   */
  double millisLeft(int chunk, long nowMillis) {
    if (bytesPerSecond == 0) {
      // It tells its rate when it renews its share; until then it is not called slow.
      return left * Math.max(0.0, nowMillis - progressed - 2.0 * HubShares.RENEW_MILLIS);
    }
    double waited = nowMillis - progressed;
    double each = chunk * 1000.0 / bytesPerSecond;
    // Who waits for a chunk longer than its rate tells is slower than it told.
    return waited <= each ? left * each - waited : left * waited;
  }

  /**
   * Bytes of chunks, or what requests for them cost, that a node may say it has leases for: it asks
   * for more when less than a second of work is left, and has begun with some chunks.
   *
   * @param chunk bytes
   */
  double mostBytes(int chunk) {
    double grants = 2.0 * Math.max(LeasePlan.LONGEST, 4L * chunk);
    return grants + 2 * Math.min(bytesPerSecond, FASTEST) + (double) STREAMS * chunk;
  }

  /** Its node told that it has begun with so many chunks: not more than it can have. */
  void begunTold(int told, int chunk) {
    begunTold = Math.min(told, Math.min(left, Math.max(STREAMS, 2 * probablyBegun(chunk))));
  }

  /** How many chunks its node has probably begun with. */
  int begun(int chunk) {
    return Math.max(begunTold, probablyBegun(chunk));
  }

  private int probablyBegun(int chunk) {
    return Math.max(BEGUN, (int) (Math.min(bytesPerSecond, FASTEST) * BEGUN_SECONDS / chunk));
  }

  /** How long it may last from its last progress on. */
  double patience(int chunk) {
    double all = bytesPerSecond > 0 ? left * (chunk * 1000.0) / bytesPerSecond : 0;
    return Math.max(LeasePlan.LEASE_MILLIS, Math.min(2 * all, LeasePlan.LONGEST_MILLIS));
  }
}
