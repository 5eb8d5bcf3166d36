package dev.exodl.fetch;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When the next request to a source may be made, and the waiting for it. A stop ends all waiting.
 */
final class SourceCalm {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long calmAt = System.nanoTime();
  private boolean stopped;

  /** No request for this long from now. */
  void throttle(Duration delay) {
    lock.lock();
    try {
      long at = System.nanoTime() + delay.toNanos();
      if (at - calmAt > 0) {
        calmAt = at;
      }
    } finally {
      lock.unlock();
    }
  }

  boolean throttled() {
    lock.lock();
    try {
      return calmAt - System.nanoTime() > 0;
    } finally {
      lock.unlock();
    }
  }

  void awaitCalm() throws InterruptedException {
    lock.lock();
    try {
      long left = calmAt - System.nanoTime();
      while (left > 0 && !stopped) {
        changed.awaitNanos(left);
        left = calmAt - System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits this long, or until the stop. */
  void pause(Duration delay) throws InterruptedException {
    long until = System.nanoTime() + delay.toNanos();
    lock.lock();
    try {
      long left = until - System.nanoTime();
      while (left > 0 && !stopped) {
        changed.awaitNanos(left);
        left = until - System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
