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
   * @param stopped what a signal does; the display is closed after the work was stopped
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
          work.stop();
          display.close();
          stopped.stopped(code);
        };
    try (Stopper.Running _ = program.stopper().running(stop);
        Ticker _ = Ticker.start(display, board)) {
      return work.run(request);
    }
  }
}
