package dev.exodl.swarm;

import java.time.Duration;

/**
 * What is done with a swarm in which this node wants nothing: one that a sync entered stays until
 * that one leaves, as it may linger for long. The swarm's lock guards it.
 */
final class Quiet {
  private static final long RESTOCK_MILLIS = Duration.ofMinutes(1).toMillis();

  private static final long FORGOTTEN_MILLIS = Duration.ofMinutes(2).toMillis();

  private long since;
  private boolean stays;
  private long stockedAt;
  private volatile long stirredAt;

  Quiet(long now) {
    this.since = now;
    this.stockedAt = now;
    this.stirredAt = now;
  }

  /** Somebody told something. */
  void stirred(long now) {
    stirredAt = now;
  }

  /** When that was; may be asked without the lock. */
  long stirredAt() {
    return stirredAt;
  }

  /** Whether for a while nobody has looked what there is to serve; who asks does it now. */
  boolean isStockOld(long now) {
    boolean old = now - stockedAt > RESTOCK_MILLIS;
    stockedAt = old ? now : stockedAt;
    return old;
  }

  /** It is needed until this node leaves. */
  void stays() {
    stays = true;
  }

  /** It is needed now. */
  void again(long now) {
    since = now;
  }

  /** Whether it was not needed for a while. */
  boolean isForgotten(boolean needed, long now) {
    since = needed || stays ? now : since;
    return now - since > FORGOTTEN_MILLIS;
  }
}
