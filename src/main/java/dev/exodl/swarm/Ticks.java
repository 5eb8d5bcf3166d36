package dev.exodl.swarm;

import dev.exodl.cluster.Safely;
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
        Safely.run(look, "this node could not look what there is to do", detail);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
