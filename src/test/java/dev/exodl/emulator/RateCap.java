package dev.exodl.emulator;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A smooth cap on bytes per second, shared by all who call it; 0 is no cap. May be changed at any
 * time.
 */
final class RateCap {

  /** What a late caller may catch up on, so that sleeping too long does not lower the rate. */
  private static final long CATCH_UP_NANOS = 20_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private volatile long rate;
  private long free = System.nanoTime();

  RateCap(long bytesPerSecond) {
    rate = bytesPerSecond;
  }

  void set(long bytesPerSecond) {
    rate = bytesPerSecond;
  }

  /** Largest number of bytes to ask for at once so that the flow stays even: about 5 ms worth. */
  int slice(int most) {
    long now = rate;
    return now == 0 ? most : Math.clamp(now / 200, 512, most);
  }

  /** Waits until so many bytes may pass. */
  void take(int bytes) {
    long now = rate;
    if (now == 0) {
      return;
    }
    long until;
    lock.lock();
    try {
      free = Math.max(free, System.nanoTime() - CATCH_UP_NANOS) + (long) (bytes * 1e9 / now);
      until = free;
    } finally {
      lock.unlock();
    }
    for (long left;
        (left = until - System.nanoTime()) > 0 && !Thread.currentThread().isInterrupted(); ) {
      LockSupport.parkNanos(left);
    }
  }
}
