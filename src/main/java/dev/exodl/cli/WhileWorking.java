package dev.exodl.cli;

import dev.exodl.cli.show.Display;
import dev.exodl.cli.show.Ticker;
import dev.exodl.download.ProgressBoard;

/** Runs a piece of work with its progress shown, and ready to be stopped by a signal. */
final class WhileWorking {
  private WhileWorking() {}

  /**
   * The work's answer.
   *
   * @param stopped what a signal does; the display is closed when the work was stopped, or will not
   *     stop in time
   */
  static <Q, A> A run(
      Program program,
      Display display,
      ProgressBoard board,
      Jobs.Running<Q, A> work,
      Q request,
      Stopper.Stoppable stopped) {
    Stopper.Stoppable stop =
        code -> {
          stop(work);
          display.close();
          stopped.stopped(code);
        };
    try (Stopper.Running _ = program.stopper().running(stop);
        Ticker _ = Ticker.start(display, board)) {
      return work.run(request);
    }
  }

  /** Stops work, or gives that up in time for what is to be told then. */
  static void stop(Jobs.Running<?, ?> work) {
    Thread stop = Thread.ofPlatform().daemon().name("stop work").start(work::stop);
    try {
      stop.join(Stopper.WORK_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
