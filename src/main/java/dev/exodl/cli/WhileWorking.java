package dev.exodl.cli;

import dev.exodl.cli.show.Display;
import dev.exodl.cli.show.Ticker;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncSettings;

/** Runs a piece of work with its progress shown, and ready to be stopped by a signal. */
final class WhileWorking {
  private WhileWorking() {}

  /** Makes a piece of work. */
  interface Job<Q, A> {
    Jobs.Running<Q, A> of(SyncSettings settings, SyncListener listener, ProgressBoard board);
  }

  /**
   * The answer of work that needs nothing of a cluster, with what is doubtful about the settings
   * told before.
   *
   * @param stopped as for the other
   */
  static <Q, A> A run(
      Program program,
      ProgressOptions output,
      HubOptions hub,
      Job<Q, A> job,
      Q request,
      Stopper.Stoppable stopped) {
    ProgressBoard board = new ProgressBoard();
    try (Display display = output.display(program)) {
      output.warn(program, display::say);
      SyncSettings settings = OptionValues.sync(program, hub, 1, 0);
      return run(program, display, board, job.of(settings, display, board), request, stopped);
    }
  }

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
