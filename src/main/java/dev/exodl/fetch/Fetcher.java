package dev.exodl.fetch;

import dev.exodl.model.Chunk;
import dev.exodl.model.FailureException;
import dev.exodl.plan.Endgame;
import dev.exodl.plan.Origin;
import dev.exodl.plan.PlanEvent;
import dev.exodl.plan.PlanState;
import dev.exodl.plan.Run;
import dev.exodl.plan.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Fetches files: asks the plan what to do next and has it done by as many connections as help. One
 * lock guards the plan; transfers, opening and verifying run outside of it on virtual threads.
 */
public final class Fetcher {
  private static final long TICK_NANOS = 250_000_000L;
  private static final long STOP_NANOS = 5_000_000_000L;
  private static final double RUN_SECONDS = 3;
  private static final long SHORTEST_RUN = 8L << 20;
  private static final long LONGEST_RUN = 64L << 20;

  private final List<FileWork> works;
  private final FetchListener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PlanState plan;
  private final Map<Integer, ChunkSink> sinks = new HashMap<>();
  private final Map<Long, RunTask> tasks = new HashMap<>();
  private final BitSet finishing = new BitSet();
  private final SourceCalm calm;
  private final FetchHost host;
  private final PaceWatch paces;
  private final Exchange exchange;
  private final int streams;

  /** Tasks that hold one of the allowed connections. */
  private int busy;

  /** Threads that are opening or finishing a large file. */
  private int aside;

  private boolean stopping;
  private @Nullable Throwable failure;

  /**
   * A fetch of these files.
   *
   * @param chunkSize bytes, the chunk size that the snapshot asks for
   * @param spread how many large files to work on at once
   */
  public Fetcher(
      List<? extends FileWork> works,
      Exchange exchange,
      int chunkSize,
      int spread,
      FetchLimits limits,
      FetchListener listener) {
    this.works = List.copyOf(works);
    this.listener = listener;
    this.plan =
        new PlanState(this.works.stream().map(w -> w.file().size()).toList(), chunkSize, spread);
    this.exchange = exchange;
    this.streams = limits.maxConnections();
    this.calm = new SourceCalm();
    this.paces = new PaceWatch(limits.maxConnections(), exchange.boundsStreams(), System::nanoTime);
    this.host = new FetchHost(this, exchange, limits, listener, calm);
  }

  /**
   * Blocks until every file is done.
   *
   * @throws FailureException the first failure that no retry mends; everything else is stopped
   *     then, and kept
   * @throws InterruptedException when {@link #stop()} was called
   */
  public void fetch() throws InterruptedException {
    lock.lock();
    try {
      while (!plan.finished() && failure == null && !stopping) {
        dispatch();
        changed.awaitNanos(TICK_NANOS);
        paces.tick(tasks.values(), busy).ifPresent(RunTask::replaceConnection);
      }
      windDown();
    } finally {
      lock.unlock();
    }
    switch (failure) {
      case null -> {
        if (stopping) {
          throw new InterruptedException("stopped");
        }
      }
      case FailureException told -> throw told;
      case Throwable bug -> throw new IllegalStateException("a transfer failed: " + bug, bug);
    }
  }

  /**
   * Ends the fetch soon: no new connection, those that are open are dropped, sinks keep what they
   * hold.
   */
  public void stop() {
    lock.lock();
    try {
      stopping = true;
      calm.stop();
      tasks.values().forEach(RunTask::stop);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Something outside of the fetch changed what may be fetched. */
  public void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the fetch with this failure; sinks keep what they hold. */
  public void fail(FailureException cause) {
    lock.lock();
    try {
      failure = failure == null && !stopping ? cause : failure;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What may come from the hub a second from now on; 0 for no other cap than the fetch's own. */
  public void hubRate(long bytesPerSecond) {
    host.hubRate(bytesPerSecond);
  }

  /**
   * Shortens runs that are under way.
   *
   * @param end before which chunk a run is to end; a chunk that was begun goes on
   */
  public void shorten(ToIntBiFunction<Run, Origin> end) {
    lock.lock();
    try {
      for (RunTask task : List.copyOf(tasks.values())) {
        Run run = plan.run(task.runId());
        int to = Math.max(task.nextChunk(), end.applyAsInt(run, task.origin()));
        if (to < run.end() && task.cutAt(to)) {
          plan.apply(new PlanEvent.RunCut(run.id(), to));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends these runs soon, those that are still under way, with the chunks they have begun: what
   * they did not bring is free again when they ended.
   */
  public void end(Collection<Long> runs) {
    lock.lock();
    try {
      runs.stream().map(tasks::get).filter(Objects::nonNull).forEach(RunTask::stop);
    } finally {
      lock.unlock();
    }
  }

  /** Looks at the plan as it is now. */
  public <T> T look(Function<PlanState, T> question) {
    lock.lock();
    try {
      return question.apply(plan);
    } finally {
      lock.unlock();
    }
  }

  private void windDown() throws InterruptedException {
    boolean early = stopping || failure != null;
    if (early) {
      calm.stop();
      tasks.values().forEach(RunTask::stop);
    }
    long left = STOP_NANOS;
    while ((busy > 0 || aside > 0) && (!early || left > 0)) {
      left = changed.awaitNanos(early ? left : TICK_NANOS);
    }
  }

  /** Begins all that may begin now. Called with the lock held. */
  private void dispatch() {
    int limit = exchange.boundsStreams() ? streams : paces.limit();
    while (failure == null && !stopping && busy < limit && !calm.throttled()) {
      switch (exchange.next(plan, limit, runBytes())) {
        case Step.Open open -> begin(open);
        case Step.Fetch fetch -> {
          plan.apply(new PlanEvent.RunStarted(fetch.run()));
          begin(fetch.run(), fetch.origin());
        }
        case Step.Idle idle -> {
          if (exchange.boundsStreams() || !takeOver()) {
            return;
          }
        }
      }
    }
  }

  private long runBytes() {
    double one = paces.rate() / Math.max(1, busy) * RUN_SECONDS;
    return (long) Math.max(SHORTEST_RUN, Math.min(LONGEST_RUN, one));
  }

  private boolean takeOver() {
    List<Endgame.Pace> slow = new ArrayList<>();
    for (RunTask task : tasks.values()) {
      if (!plan.sequential(task.fileNumber()) && paces.known(task)) {
        Run run = plan.run(task.runId());
        slow.add(new Endgame.Pace(run, task.nextChunk(), task.chunkSize(), paces.rate(task)));
      }
    }
    Optional<Endgame.Cut> cut = Endgame.cut(slow);
    if (cut.isEmpty()) {
      return false;
    }
    RunTask task = tasks.get(cut.get().run());
    if (task == null || !task.cutAt(cut.get().end())) {
      return false;
    }
    plan.apply(new PlanEvent.RunCut(cut.get().run(), cut.get().end()));
    listener.detail("took over the end of a slow run of " + task.file().path());
    return true;
  }

  private void begin(Step.Open open) {
    int file = open.file();
    plan.apply(new PlanEvent.FileOpening(file));
    boolean small = plan.small(file);
    AtomicBoolean slot = new AtomicBoolean(small);
    aside += small ? 0 : 1;
    busy += small ? 1 : 0;
    start(
        "open " + file,
        () -> opened(file, works.get(file).open(() -> waits(file, slot))),
        () -> {
          aside -= slot.get() ? 0 : 1;
          busy -= slot.get() ? 1 : 0;
        });
  }

  /**
   * Who waits for another process holds no connection: two processes could wait for each other with
   * all of theirs.
   */
  private void waits(int file, AtomicBoolean slot) {
    lock.lock();
    try {
      plan.apply(new PlanEvent.FileWaiting(file));
      if (slot.compareAndSet(true, false)) {
        busy--;
        aside++;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void opened(int file, Optional<FileWork.Unfinished> opened) {
    boolean whole;
    lock.lock();
    try {
      if (opened.isEmpty()) {
        plan.apply(new PlanEvent.FileGone(file));
        return;
      }
      ChunkSink sink = opened.get().sink();
      sinks.put(file, sink);
      plan.apply(new PlanEvent.FileOpened(file, sink.grid(), opened.get().have()));
      whole = plan.whole(file);
      if (whole) {
        finishing.set(file);
      }
    } finally {
      lock.unlock();
    }
    if (whole) {
      finish(file);
    }
  }

  private void begin(Run run, Origin origin) {
    ChunkSink sink = Objects.requireNonNull(sinks.get(run.file()));
    RunTask task = new RunTask(host, works.get(run.file()).file(), sink, run, origin);
    tasks.put(run.id(), task);
    busy++;
    start(
        "run " + run.id(),
        () -> {
          try {
            task.transfer();
          } finally {
            // However it ended, what it did not fetch is free again.
            afterRun(task);
          }
        },
        () -> busy--);
  }

  /**
   * Small files are finished by the thread that fetched them, so that their number is bounded by
   * the connections.
   */
  private void afterRun(RunTask task) {
    int file = task.fileNumber();
    boolean finish;
    lock.lock();
    try {
      tasks.remove(task.runId());
      paces.forget(task);
      plan.apply(new PlanEvent.RunEnded(task.runId()));
      finish = plan.whole(file) && !finishing.get(file) && failure == null && !stopping;
      if (finish) {
        finishing.set(file);
      }
      if (finish && !plan.small(file)) {
        finish = false;
        aside++;
        start("finish " + file, () -> finish(file), () -> aside--);
      }
    } finally {
      lock.unlock();
    }
    if (finish) {
      finish(file);
    }
  }

  private void finish(int file) {
    BitSet bad = works.get(file).whole();
    lock.lock();
    try {
      finishing.clear(file);
      bad.stream().forEach(chunk -> plan.apply(new PlanEvent.ChunkLost(file, chunk)));
      if (bad.isEmpty()) {
        plan.apply(new PlanEvent.FileGone(file));
        sinks.remove(file);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What a thread of a fetch does. */
  private interface Job {
    void run() throws InterruptedException;
  }

  private void start(String name, Job job, Runnable ended) {
    Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              Throwable thrown = null;
              try {
                job.run();
              } catch (InterruptedException e) {
                // Only a stop interrupts; the fetch ends by itself.
              } catch (Throwable e) {
                thrown = e;
              }
              lock.lock();
              try {
                ended.run();
                failure = failure == null && !stopping ? thrown : failure;
                changed.signalAll();
              } finally {
                lock.unlock();
              }
            });
  }

  boolean alreadyHeld(int file, int chunk) {
    lock.lock();
    try {
      return plan.held(file, chunk);
    } finally {
      lock.unlock();
    }
  }

  void held(RunTask task, Chunk chunk) {
    lock.lock();
    try {
      plan.apply(new PlanEvent.ChunkHeld(task.fileNumber(), chunk.index()));
    } finally {
      lock.unlock();
    }
  }

  /** The source wants fewer requests: everyone waits, and fewer connections go on afterwards. */
  void throttled() {
    lock.lock();
    try {
      paces.throttled();
    } finally {
      lock.unlock();
    }
  }

  /** Whether this task may go on from the file's start; all others of the file end. */
  boolean becomeOnlyRun(RunTask task) {
    lock.lock();
    try {
      int file = task.fileNumber();
      if (plan.sequential(file)) {
        return soleRunOf(file, task);
      }
      plan.apply(new PlanEvent.RangesIgnored(file));
      listener.detail("no ranges for " + task.file().path() + ": one connection from the start");
      tasks.values().stream()
          .filter(t -> t.fileNumber() == file && t != task)
          .forEach(RunTask::stop);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean soleRunOf(int file, RunTask task) {
    return tasks.values().stream().noneMatch(t -> t.fileNumber() == file && t != task);
  }
}
