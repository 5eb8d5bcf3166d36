package dev.exodl.fetch;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** A cap of bytes per second over all who ask. Whoever took too much waits before going on. */
final class RateLimiter {
  private static final double NANOS = 1e9;

  /** Time not used is kept for this long at most, so that a pause is not followed by a flood. */
  private static final double BURST_SECONDS = 0.1;

  private volatile double bytesPerSecond;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private double freeAt;

  /** A cap; 0 bytes per second for none. */
  RateLimiter(long bytesPerSecond, LongSupplier nanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanos = nanos;
    this.freeAt = nanos.getAsLong() / NANOS;
  }

  /** Another cap from now on; 0 bytes per second for none. */
  void cap(long now) {
    bytesPerSecond = now;
  }

  /** How much to read at once, so that the rate stays smooth; never more than is wanted. */
  int most(int wanted) {
    double cap = bytesPerSecond;
    return cap == 0 ? wanted : (int) Math.min(wanted, Math.max(1024, cap / 40));
  }

  /** Accounts for bytes that were read, and waits until more may be. */
  void took(int bytes) throws InterruptedException {
    double cap = bytesPerSecond;
    if (cap == 0) {
      return;
    }
    double waitSeconds;
    lock.lock();
    try {
      double now = nanos.getAsLong() / NANOS;
      freeAt = Math.max(freeAt, now - BURST_SECONDS) + bytes / cap;
      waitSeconds = freeAt - now;
    } finally {
      lock.unlock();
    }
    if (waitSeconds > 0) {
      Thread.sleep(Duration.ofNanos((long) (waitSeconds * NANOS)));
    }
  }
}
