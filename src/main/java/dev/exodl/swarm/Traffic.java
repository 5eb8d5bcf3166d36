package dev.exodl.swarm;

import dev.exodl.plan.Origin;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that came, and how fast they come from the hub. */
final class Traffic {
  private static final double WEIGHT = 0.3;
  private static final long BETWEEN_MILLIS = 500;

  private final AtomicLong fromHub = new AtomicLong();
  private final AtomicLong fromPeers = new AtomicLong();

  // Written by the one thread that ticks.
  private volatile long bytesPerSecond;
  private long measuredAt;
  private long measuredBytes;

  void received(Origin from, long bytes) {
    switch (from) {
      case Origin.Hub hub -> fromHub.addAndGet(bytes);
      case Origin.Peer peer -> fromPeers.addAndGet(bytes);
    }
  }

  /** Measures; called several times a second. */
  void tick(long now) {
    if (measuredAt == 0) {
      measuredAt = now;
      return;
    }
    long millis = now - measuredAt;
    if (millis < BETWEEN_MILLIS) {
      return;
    }
    long bytes = fromHub.get();
    long rate = (bytes - measuredBytes) * 1000 / millis;
    bytesPerSecond =
        bytesPerSecond == 0 ? rate : (long) (bytesPerSecond + WEIGHT * (rate - bytesPerSecond));
    measuredBytes = bytes;
    measuredAt = now;
  }

  /** From the hub, smoothed; 0 when it is not known yet. */
  long bytesPerSecond() {
    return bytesPerSecond;
  }

  long fromHub() {
    return fromHub.get();
  }

  long fromPeers() {
    return fromPeers.get();
  }

  long all() {
    return fromHub.get() + fromPeers.get();
  }
}
