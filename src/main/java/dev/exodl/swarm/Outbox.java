package dev.exodl.swarm;

import java.util.concurrent.LinkedBlockingQueue;

/**
 * Sends in the order it was asked to, on a thread of its own: sending may wait for a slow receiver,
 * and whoever asks holds locks.
 */
final class Outbox implements AutoCloseable {
  private final LinkedBlockingQueue<Runnable> letters = new LinkedBlockingQueue<>();

  /** Set by the last letter. */
  private boolean ended;

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
        letters.take().run();
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
