package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AwakeClockTest {
  private final AtomicLong real = new AtomicLong(7_000_000);
  private final AwakeClock clock = new AwakeClock(real::get);

  @Test
  void itGoesAsTheRealOneWhileTheProcessRuns() {
    for (int i = 1; i <= 100; i++) {
      real.addAndGet(400);
      assertEquals(7_000_000 + 400 * i, clock.now());
    }
  }

  @Test
  void theTimeInWhichTheProcessWasStoppedDoesNotCount() {
    real.addAndGet(300_000);
    assertEquals(7_000_000 + AwakeClock.LONGEST_MILLIS, clock.now());
    real.addAndGet(100);
    assertEquals(7_000_100 + AwakeClock.LONGEST_MILLIS, clock.now());
  }

  @Test
  void itNeverGoesBack() {
    real.addAndGet(-50);
    assertEquals(7_000_000, clock.now());
    real.addAndGet(60);
    assertEquals(7_000_010, clock.now());
  }
}
