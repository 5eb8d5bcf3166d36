package dev.exodl.fetch;

/**
 * How many connections help: grows while more of them bring more, holds when they do not, shrinks
 * when the source asks for less. Not safe for several threads; time passed in.
 */
final class ConnectionCount {
  private static final int START = 8;
  private static final double WORTH = 1.05;

  /** While holding, one step more is tried this often, in case the network has changed. */
  private static final double PROBE_SECONDS = 5;

  private static final double CALM_SECONDS = 10;

  private final int max;
  private int limit;
  private double rateBefore;
  private double probeAt;
  private double calmAt;

  ConnectionCount(int max) {
    this.max = max;
    this.limit = Math.min(START, max);
  }

  int limit() {
    return limit;
  }

  /**
   * Takes a measurement, several times a second.
   *
   * @param seconds now, on any clock that only goes forward
   * @param rate what came lately, in any unit, smoothed
   * @param busy connections in use; with fewer than the limit nothing can be learned
   */
  void measured(double seconds, double rate, int busy) {
    if (busy < limit || limit >= max || seconds < calmAt || rate <= 0) {
      return;
    }
    if (rate > rateBefore * WORTH) {
      rateBefore = rate;
      limit = Math.min(max, limit * 2);
      probeAt = seconds + PROBE_SECONDS;
    } else if (seconds >= probeAt) {
      rateBefore = rate;
      limit = Math.min(max, limit + 2);
      probeAt = seconds + PROBE_SECONDS;
    }
  }

  /** The source asked for fewer requests. */
  void throttled(double seconds) {
    if (seconds >= calmAt) {
      limit = Math.max(1, limit / 2);
    }
    rateBefore = 0;
    calmAt = seconds + CALM_SECONDS;
    probeAt = calmAt;
  }
}
