package dev.exodl.swarm;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Looks again and again, until the node is closed, whether there is something to do.
 *
 * @param pause milliseconds until the next look
 * @param look what may throw anything: one mistake must not be the last look
 */
record Ticks(CountDownLatch closed, LongSupplier pause, Runnable look, Consumer<String> detail) {
  /** Returns when the node is closed. */
  void run() {
    try {
      while (!closed.await(pause.getAsLong(), TimeUnit.MILLISECONDS)) {
        try {
          look.run();
        } catch (RuntimeException | Error e) {
          tell("this node could not look what there is to do: " + e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(String text) {
    try {
      detail.accept(text);
    } catch (RuntimeException | Error e) {
      // Nobody is there to be told.
    }
  }
}
