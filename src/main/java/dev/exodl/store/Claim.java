package dev.exodl.store;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to work on one blob's part, until closed. */
final class Claim implements AutoCloseable {
  private final LockService.Attempt.Got lock;
  private final AtomicBoolean closed = new AtomicBoolean();

  Claim(LockService.Attempt.Got lock) {
    this.lock = lock;
  }

  /** Throws when the claim was lost to another owner. */
  void check() throws IOException {}

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      lock.release();
    }
  }
}
