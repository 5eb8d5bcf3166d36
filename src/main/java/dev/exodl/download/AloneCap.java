package dev.exodl.download;

import dev.exodl.fetch.Fetcher;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps a fetch that exchanges nothing to its node's part of what all may take from the hub: no
 * coordinator tells it, and nodes come and go.
 */
final class AloneCap implements AutoCloseable {
  private static final long LOOK_MILLIS = 500;

  private final CountDownLatch ended = new CountDownLatch(1);

  /** From now on until it is closed; the share is in bytes a second, 0 for no cap. */
  AloneCap(Fetcher fetcher, LongSupplier share) {
    fetcher.hubRate(share.getAsLong());
    Thread.ofVirtual().name("exo-dl cap").start(() -> follow(fetcher, share));
  }

  private void follow(Fetcher fetcher, LongSupplier share) {
    try {
      while (!ended.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        fetcher.hubRate(share.getAsLong());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
