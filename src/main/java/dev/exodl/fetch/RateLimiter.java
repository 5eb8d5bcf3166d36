package dev.exodl.fetch;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** A cap of bytes per second over all who ask. Whoever took too much waits before going on. */
final class RateLimiter {
  private static final double NANOS = 1e9;

  /** Time not used is kept for this long at most, so that a pause is not followed by a flood. */
  private static final double BURST_SECONDS = 0.1;

  /** Whoever waits looks so often whether there is another cap by now. */
  private static final double LOOK_SECONDS = 0.25;

  private volatile double bytesPerSecond;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private double freeAt;

  /** A cap; 0 bytes per second for none. */
  RateLimiter(long bytesPerSecond, LongSupplier nanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanos = nanos;
    this.freeAt = seconds();
  }

  /** Another cap from now on; 0 bytes per second for none. Nobody waits as the one before said. */
  void cap(long now) {
    lock.lock();
    try {
      if (now != bytesPerSecond) {
        bytesPerSecond = now;
        freeAt = seconds();
      }
    } finally {
      lock.unlock();
    }
  }

  private double seconds() {
    return nanos.getAsLong() / NANOS;
  }

  /** How much to read at once, so that the rate stays smooth; never more than is wanted. */
  int most(int wanted) {
    double cap = bytesPerSecond;
    return cap == 0 ? wanted : (int) Math.min(wanted, Math.max(1024, cap / 40));
  }

  /** Accounts for bytes that were read, and waits until more may be. */
  void took(int bytes) throws InterruptedException {
    double until;
    double cap;
    lock.lock();
    try {
      cap = bytesPerSecond;
      if (cap == 0) {
        return;
      }
      freeAt = Math.max(freeAt, seconds() - BURST_SECONDS) + bytes / cap;
      until = freeAt;
    } finally {
      lock.unlock();
    }
    double left = until - seconds();
    while (left > 0 && cap == bytesPerSecond) {
      Thread.sleep(Duration.ofNanos((long) (Math.min(left, LOOK_SECONDS) * NANOS) + 1));
      left = until - seconds();
    }
  }
}
