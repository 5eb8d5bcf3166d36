package dev.exodl.cli;

import dev.exodl.cli.show.Signals;
import dev.exodl.model.ExitCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Ends the process on Ctrl-C and TERM. The first signal lets the work that runs stop in good order;
 * the second one ends at once.
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
  private final AtomicReference<Work> work;
  private final AtomicBoolean stopping = new AtomicBoolean();
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
    this.work = new AtomicReference<>(this.nothing);
  }

  /** Takes the signals over; again after others, such as the framework, have taken them. */
  public void listen() {
    Signals.handle("INT", () -> signalled(ExitCode.INTERRUPTED));
    Signals.handle("TERM", () -> signalled(ExitCode.TERMINATED));
  }

  /** Says what runs now; the closing of the answer says that it has ended. */
  public Running running(Stoppable stoppable) {
    return running(new Work(stoppable, Optional.empty()));
  }

  /** As the other, for work whose normal end is a signal: the process then ends with this code. */
  public Running running(Stoppable stoppable, ExitCode end) {
    return running(new Work(stoppable, Optional.of(end)));
  }

  private Running running(Work now) {
    work.set(now);
    return () -> {
      work.set(nothing);
      if (stopping.get()) {
        // The signal's thread is about to end the process and has told why.
        park();
      }
    };
  }

  /** Whether the process is about to end because of a signal. */
  public boolean stopping() {
    return stopping.get();
  }

  /** Work in progress. */
  public interface Running extends AutoCloseable {
    @Override
    void close();
  }

  void signalled(ExitCode code) {
    if (stopping.getAndSet(true)) {
      halt.accept(code.number());
    }
    Work running = work.get();
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

  private void park() {
    try {
      ended.await(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
