package dev.exodl.swarm;

/** How fast something grows, smoothed. Looked at by one thread, read by all. */
final class Pace {
  private static final double WEIGHT = 0.3;
  private static final long BETWEEN_MILLIS = 500;

  private volatile long perSecond;
  private long lookedAt;
  private long was;

  /** Measures; called several times a second. */
  void look(long now, long total) {
    if (lookedAt == 0) {
      lookedAt = now;
      was = total;
      return;
    }
    long millis = now - lookedAt;
    if (millis < BETWEEN_MILLIS) {
      return;
    }
    long rate = (total - was) * 1000 / millis;
    perSecond = perSecond == 0 ? rate : (long) (perSecond + WEIGHT * (rate - perSecond));
    was = total;
    lookedAt = now;
  }

  /** 0 when it is not known yet. */
  long perSecond() {
    return perSecond;
  }
}
