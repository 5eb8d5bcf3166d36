package dev.exodl.fetch;

import dev.exodl.model.ByteRange;
import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.Origin;
import dev.exodl.plan.Run;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one run over one connection at a time, until it is done, cut or stopped. A broken
 * connection is followed by another one that goes on at the same byte.
 */
final class RunTask {
  /** What a task asks of its fetch. */
  interface Host {
    ChunkSource source(Origin origin);

    RateLimiter limiter(Origin origin);

    Buffers buffers();

    FetchListener listener();

    /** Waits while the source wants no requests. */
    void awaitCalm() throws InterruptedException;

    /**
     * Waits before the next attempt; throws the failure when there is none. Returns at once when
     * the fetch stops.
     */
    void awaitRetry(RepoFile file, Trouble trouble, int attempt, long lastByteNanos)
        throws InterruptedException;

    boolean alreadyHeld(int file, int chunk);

    /** Whether what came as this chunk is it. */
    boolean right(RunTask task, Chunk chunk, int crc32c);

    /** Whether the run ends because of this trouble; the rest of it may come from elsewhere. */
    boolean gaveUp(Origin origin, Trouble trouble);

    void held(RunTask task, Chunk chunk);

    /**
     * The source ignores ranges: whether this task is the one that goes on, from the file's start.
     */
    boolean becomeOnlyRun(RunTask task);
  }

  private final Host host;
  private final RepoFile file;
  private final ChunkSink sink;
  private final int number;
  private final long runId;
  private final Origin origin;
  private final RateLimiter limiter;
  private final AtomicLong received = new AtomicLong();
  private final Checksum crc = ChunkCrc.create();
  private volatile long end;
  private volatile int beganChunk;
  private volatile boolean stopped;
  private volatile boolean replace;
  private volatile @Nullable ChunkStream stream;
  private byte[] buffer = new byte[0];
  private long position;
  private long unfinished;
  private int attempt;

  /** A trouble that came after bytes which are to be written first. */
  private @Nullable SourceException pending;

  private long lastByte = System.nanoTime();

  RunTask(Host host, RepoFile file, ChunkSink sink, Run run, Origin origin) {
    this.host = host;
    this.file = file;
    this.sink = sink;
    this.number = run.file();
    this.runId = run.id();
    this.origin = origin;
    this.limiter = host.limiter(origin);
    this.position = sink.grid().start(run.first());
    this.beganChunk = run.first();
    this.end = sink.grid().start(run.end());
  }

  /** Blocks until the run is done, cut short or stopped. */
  void transfer() throws InterruptedException {
    buffer = host.buffers().take(end - position);
    try {
      fetch();
    } finally {
      host.buffers().giveBack(buffer);
    }
    if (unfinished > 0) {
      host.listener().written(file, -unfinished);
    }
  }

  private void fetch() throws InterruptedException {
    while (position < end && !stopped) {
      host.awaitCalm();
      try (ChunkStream opened = host.source(origin).open(file, new ByteRange(position, end))) {
        host.listener().connections(1);
        try {
          replace = false;
          stream = opened;
          if (stopped) {
            break;
          }
          pump(opened);
        } finally {
          stream = null;
          host.listener().connections(-1);
        }
      } catch (SourceException e) {
        afterTrouble(e.trouble());
      }
    }
  }

  private void afterTrouble(Trouble trouble) throws InterruptedException {
    pending = null;
    if (stopped) {
      return;
    }
    if (replace) {
      replace = false;
      return;
    }
    if (host.gaveUp(origin, trouble)) {
      stopped = true;
      return;
    }
    host.awaitRetry(file, trouble, ++attempt, lastByte);
  }

  private void pump(ChunkStream from) throws SourceException, InterruptedException {
    if (from.offset() < position) {
      if (!host.becomeOnlyRun(this)) {
        stopped = true;
        return;
      }
      restart(from.offset());
      end = file.size();
    }
    while (position < end && !stopped) {
      ChunkGrid grid = sink.grid();
      Chunk chunk = grid.chunk(grid.indexOf(position));
      if (!begin(chunk.index())) {
        return;
      }
      if (host.alreadyHeld(number, chunk.index())) {
        skip(from, chunk);
      } else {
        fill(from, chunk);
      }
    }
  }

  private synchronized boolean begin(int chunk) {
    if (sink.grid().start(chunk) >= end) {
      return false;
    }
    beganChunk = chunk;
    return true;
  }

  /** The stream begins before what is needed; what is held of it is read and dropped. */
  private void restart(long offset) {
    host.listener().written(file, -unfinished);
    unfinished = 0;
    crc.reset();
    position = offset;
  }

  private void skip(ChunkStream from, Chunk chunk) throws SourceException, InterruptedException {
    while (position < chunk.end()) {
      position += gather(from, (int) Math.min(buffer.length, chunk.end() - position));
    }
  }

  private void fill(ChunkStream from, Chunk chunk) throws SourceException, InterruptedException {
    while (position < chunk.end()) {
      int got = gather(from, (int) Math.min(buffer.length, chunk.end() - position));
      sink.write(position, buffer, 0, got);
      crc.update(buffer, 0, got);
      position += got;
      unfinished += got;
      host.listener().written(file, got);
    }
    int sum = (int) crc.getValue();
    crc.reset();
    if (!host.right(this, chunk, sum)) {
      position = chunk.offset();
      host.listener().written(file, -unfinished);
      unfinished = 0;
      throw new SourceException(
          new Trouble.Broken("sent wrong bytes of " + file.path() + ", chunk " + chunk.index()));
    }
    sink.held(chunk, sum);
    unfinished = 0;
    host.held(this, chunk);
  }

  /**
   * Fills the buffer before anything is written: few large writes cost much less than many small
   * ones.
   */
  private int gather(ChunkStream from, int wanted) throws SourceException, InterruptedException {
    int got = 0;
    if (pending != null) {
      SourceException trouble = pending;
      pending = null;
      throw trouble;
    }
    while (got < wanted) {
      int count;
      try {
        count = from.read(buffer, got, limiter.most(wanted - got));
      } catch (SourceException e) {
        if (got > 0) {
          pending = e;
          return got;
        }
        throw e;
      }
      if (count < 0) {
        if (got > 0) {
          return got;
        }
        throw new SourceException(
            new Trouble.Broken("the answer ended " + (end - position) + " bytes early"));
      }
      got += count;
      attempt = 0;
      lastByte = System.nanoTime();
      received.addAndGet(count);
      host.listener().received(origin, count);
      limiter.took(count);
    }
    return got;
  }

  /** Ends the task soon, leaving its unfinished chunk. */
  void stop() {
    stopped = true;
    abort();
  }

  /**
   * Drops the connection; the task goes on at the same byte over another one. Nothing happens when
   * it has none: a task that waits because the source asked it to must not forget that.
   */
  void replaceConnection() {
    ChunkStream open = stream;
    if (open != null) {
      replace = true;
      open.abort();
    }
  }

  private void abort() {
    ChunkStream open = stream;
    if (open != null) {
      open.abort();
    }
  }

  /** Ends the run before chunk {@code newEnd}, unless that was begun meanwhile. */
  synchronized boolean cutAt(int newEnd) {
    if (newEnd <= beganChunk) {
      return false;
    }
    end = sink.grid().start(newEnd);
    return true;
  }

  long runId() {
    return runId;
  }

  int fileNumber() {
    return number;
  }

  Origin origin() {
    return origin;
  }

  RepoFile file() {
    return file;
  }

  /** The first chunk that was not begun yet. */
  int nextChunk() {
    return beganChunk + 1;
  }

  int chunkSize() {
    return sink.grid().chunkSize();
  }

  long received() {
    return received.get();
  }
}
