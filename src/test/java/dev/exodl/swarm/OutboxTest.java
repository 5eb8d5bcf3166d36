package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private final CountDownLatch last = new CountDownLatch(1);

  private void sends(Outbox outbox) throws InterruptedException {
    try (outbox) {
      outbox.start();
      outbox.put(
          () -> {
            throw new IllegalStateException("one");
          });
      outbox.put(
          () -> {
            throw new StackOverflowError("two");
          });
      outbox.put(
          () -> {
            throw new OutOfMemoryError("three");
          });
      outbox.put(last::countDown);
      assertTrue(last.await(60, TimeUnit.SECONDS), "it says nothing any more");
    }
  }

  @Test
  void oneLetterThatCannotBeSentIsNotTheLast() throws InterruptedException {
    sends(new Outbox(troubles::add));
    assertEquals(3, troubles.size());
  }

  @Test
  void norIsOneOfWhichNobodyCanBeTold() throws InterruptedException {
    sends(
        new Outbox(
            text -> {
              throw new IllegalStateException("no terminal");
            }));
  }
}
