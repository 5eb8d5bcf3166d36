package dev.exodl.swarm;

import dev.exodl.cluster.Safely;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Sends in the order it was asked to, on a thread of its own: sending may wait for a slow receiver,
 * and whoever asks holds locks.
 */
final class Outbox implements AutoCloseable {
  private final LinkedBlockingQueue<Runnable> letters = new LinkedBlockingQueue<>();
  private final Consumer<String> trouble;

  /** Set by the last letter. */
  private boolean ended;

  /** An outbox that tells its troubles. */
  Outbox(Consumer<String> trouble) {
    this.trouble = trouble;
  }

  /** Begins to send; what was put before goes first. */
  void start() {
    Thread.ofVirtual().name("exo-dl outbox").start(this::send);
  }

  void put(Runnable letter) {
    letters.add(letter);
  }

  private void send() {
    try {
      while (!ended) {
        // One that cannot be sent must not keep all others back, whatever is wrong with it.
        Safely.run(letters.take(), "not sent", trouble);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    letters.add(() -> ended = true);
  }
}
