package dev.exodl.cli;

import dev.exodl.cli.show.Signals;
import dev.exodl.model.ExitCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process on Ctrl-C and TERM. The first signal lets the work that runs stop in good order;
 * the second one ends at once. Either the command tells how it ended or the signal does: a signal
 * that comes when the work is done leaves that to the command, and a command whose work a signal
 * has stopped does not go on.
 */
public final class Stopper {
  /** How long the work may take to stop; all that matters is on disk anyway. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How much of that the work has, so that there is time to tell the user how to go on. */
  static final Duration WORK_PATIENCE = PATIENCE.minusMillis(500);

  /** Work that can be stopped. */
  @FunctionalInterface
  public interface Stoppable {
    /** Stops the work and tells the user how to go on. */
    void stopped(ExitCode code);
  }

  /**
   * What runs.
   *
   * @param end the exit code when a signal has stopped it; empty for that of the signal
   */
  private record Work(Stoppable stoppable, Optional<ExitCode> end) {}

  private final Work nothing;
  private final IntConsumer halt;

  /** What runs; null when the command is telling how it ended. Guarded by this. */
  private @Nullable Work work;

  /** Whether a signal came. Guarded by this. */
  private boolean stopping;

  /** Whether a signal stops the work, so that the command is not to go on. Guarded by this. */
  private boolean taken;

  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * A stopper that listens to nothing yet.
   *
   * @param nothing what is told while no work runs
   */
  public Stopper(Stoppable nothing) {
    this(nothing, Runtime.getRuntime()::halt);
  }

  /** As the other, with something else that ends the process. */
  Stopper(Stoppable nothing, IntConsumer halt) {
    this.nothing = new Work(nothing, Optional.empty());
    this.halt = halt;
    this.work = this.nothing;
  }

  /** Takes the signals over; again after others, such as the framework, have taken them. */
  public void listen() {
    Signals.handle("INT", () -> signalled(ExitCode.INTERRUPTED));
    Signals.handle("TERM", () -> signalled(ExitCode.TERMINATED));
  }

  /**
   * Says what runs now; the closing of the answer says that it has ended, well or badly, and that
   * the command tells that now.
   */
  public Running running(Stoppable stoppable) {
    return running(new Work(stoppable, Optional.empty()));
  }

  /** As the other, for work whose normal end is a signal: the process then ends with this code. */
  public Running running(Stoppable stoppable, ExitCode end) {
    return running(new Work(stoppable, Optional.of(end)));
  }

  private Running running(Work now) {
    goOn(now);
    return this::answering;
  }

  /**
   * The command tells how it ended from now on. Does not return when a signal has come before, for
   * that is told then.
   */
  public void answering() {
    goOn(null);
  }

  private void goOn(@Nullable Work now) {
    synchronized (this) {
      if (!taken) {
        work = now;
        notifyAll();
        return;
      }
    }
    // The signal's thread is about to end the process and tells why.
    park();
  }

  /** Work in progress. */
  public interface Running extends AutoCloseable {
    @Override
    void close();
  }

  void signalled(ExitCode code) {
    if (!isFirst()) {
      halt.accept(code.number());
      return;
    }
    Work running = take();
    if (running == null) {
      // It hangs, and did not manage to say how it ended.
      halt.accept(code.number());
      return;
    }
    Thread stop =
        Thread.ofPlatform().daemon().name("stop").start(() -> running.stoppable().stopped(code));
    try {
      stop.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    halt.accept(running.end().orElse(code).number());
    ended.countDown();
  }

  private synchronized boolean isFirst() {
    boolean first = !stopping;
    stopping = true;
    return first;
  }

  /** What is to be stopped; null when the command does not get done with telling how it ended. */
  private synchronized @Nullable Work take() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (work == null && System.nanoTime() - end < 0) {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    taken = work != null;
    return work;
  }

  private void park() {
    try {
      ended.await(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
