package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TicksTest {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger looks = new AtomicInteger();
  private final List<String> details = new ArrayList<>();

  private void look() {
    switch (looks.incrementAndGet()) {
      case 1 -> throw new IllegalStateException("one");
      case 2 -> throw new AssertionError("two");
      case 3 -> throw new StackOverflowError("three");
      default -> closed.countDown();
    }
  }

  @Test
  void oneMistakeIsNotTheLastLook() {
    new Ticks(closed, () -> 0, this::look, details::add).run();
    assertEquals(4, looks.get());
    assertEquals(3, details.size());
  }

  @Test
  void norIsOneThatCannotBeTold() {
    Ticks ticks =
        new Ticks(
            closed,
            () -> 0,
            this::look,
            text -> {
              throw new IllegalStateException("no terminal");
            });
    ticks.run();
    assertEquals(4, looks.get());
  }
}
