package dev.exodl.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  /** The time stands still: whoever takes too much would wait for ever, by its clock. */
  private final AtomicLong nanos = new AtomicLong();

  private final RateLimiter limiter = new RateLimiter(1, nanos::get);

  private Thread takes(int bytes) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                limiter.took(bytes);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private static void assertEnds(Thread thread) throws InterruptedException {
    assertTrue(thread.join(Duration.ofSeconds(60)), "it waits for what no longer is");
  }

  @Test
  void whoWaitsGoesOnWhenTheCapIsLifted() throws InterruptedException {
    Thread waits = takes(1 << 20);
    while (waits.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    limiter.cap(0);
    assertEnds(waits);
  }

  @Test
  void whatWasTakenBeforeDoesNotCountAgainstAnotherCap() throws InterruptedException {
    Thread waits = takes(1 << 20);
    while (waits.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    limiter.cap(1 << 20);
    assertEnds(waits);
    nanos.set(Duration.ofSeconds(1).toNanos());
    assertEnds(takes(1024));
  }

  @Test
  void theSameCapAgainChangesNothing() throws InterruptedException {
    Thread waits = takes(1 << 20);
    while (waits.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    limiter.cap(1);
    assertTrue(waits.isAlive());
    nanos.set(Duration.ofDays(30).toNanos());
    assertEnds(waits);
  }

  @Test
  void withoutACapAllIsReadAtOnce() {
    limiter.cap(0);
    assertEquals(1 << 20, limiter.most(1 << 20));
    limiter.cap(1);
    assertEquals(1024, limiter.most(1 << 20));
  }
}
