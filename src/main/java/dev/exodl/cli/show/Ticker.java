package dev.exodl.cli.show;

import dev.exodl.download.ProgressBoard;
import java.util.function.Supplier;

/** Lets a display draw at its interval until closed. */
public final class Ticker implements AutoCloseable {
  private final Thread thread;

  private Ticker(Thread thread) {
    this.thread = thread;
  }

  /** Starts drawing. */
  public static Ticker start(Display display, ProgressBoard board) {
    return start(display, board::view);
  }

  /** Starts drawing what this gives. */
  public static Ticker start(Display display, Supplier<ProgressBoard.View> figures) {
    // A platform thread: virtual ones may have to wait for a carrier while digests run.
    return new Ticker(
        Thread.ofPlatform().daemon().name("display").start(() -> run(display, figures)));
  }

  private static void run(Display display, Supplier<ProgressBoard.View> figures) {
    try {
      while (true) {
        Thread.sleep(display.interval());
        display.tick(figures.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends drawing; a drawing in progress is finished first. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
