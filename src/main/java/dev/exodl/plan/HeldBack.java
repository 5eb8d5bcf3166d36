package dev.exodl.plan;

import dev.exodl.plan.swarm.ChunkBits;
import java.util.random.RandomGenerator;

/** Chooses what comes from the hub, of chunks that are not to be had from elsewhere. */
final class HeldBack {
  private HeldBack() {}

  /**
   * Adds chunks taken at random until so many are on their way.
   *
   * @param hubOnly what comes from the hub without a lease; grows
   * @param held what peers hold
   * @param unheld whether chunks that none of them holds are taken too
   */
  static void toHub(
      ChunkBits hubOnly,
      ChunkBits held,
      FreeChunks chunks,
      boolean unheld,
      int most,
      RandomGenerator random) {
    int more = most;
    for (int i = 0; i < hubOnly.words(); i++) {
      more -= Long.bitCount(hubOnly.word(i) & ~chunks.held.word(i));
    }
    int[] some = new int[Math.max(0, more)];
    int seen = 0;
    for (int i = 0; i < held.words(); i++) {
      long places = (chunks.free.word(i) | chunks.closed.word(i)) & ~hubOnly.word(i);
      places &= unheld ? -1L : held.word(i);
      for (; places != 0; places &= places - 1, seen++) {
        int at = seen < some.length ? seen : random.nextInt(seen + 1);
        if (at < some.length) {
          some[at] = (i << 6) + Long.numberOfTrailingZeros(places);
        }
      }
    }
    for (int i = 0; i < Math.min(seen, some.length); i++) {
      hubOnly.set(some[i]);
    }
  }
}
