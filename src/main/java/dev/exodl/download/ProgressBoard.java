package dev.exodl.download;

import dev.exodl.model.RepoFile;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The figures of a running sync. Workers write, whoever draws reads {@link #view()} as often as it
 * likes.
 */
public final class ProgressBoard {
  /** What is being done with a file. */
  public enum State {
    WAITING,
    FETCHING,
    VERIFYING,
    DONE
  }

  /**
   * One file's figures.
   *
   * @param held bytes that are here, of {@code size}; may shrink when bad chunks are found
   */
  public record FileView(String path, long size, long held, State state) {}

  /**
   * All figures at one moment.
   *
   * @param files files that have to be fetched, in the order of the plan, or what else has figures
   *     of its own
   * @param filesInAll how many files have to be fetched
   * @param bytes sum of sizes of {@code files}
   * @param held sum of what is here of {@code files}, part files of earlier runs included
   * @param fetched bytes read from the network in this run; a rate is its growth over time
   * @param connections streams that are open now
   * @param reading what is read of this machine's own files now, to see whether they are what is
   *     wanted; nothing is fetched yet then
   */
  public record View(
      List<FileView> files,
      int filesInAll,
      long bytes,
      long held,
      long fetched,
      int connections,
      int filesDone,
      Optional<Reading> reading) {
    /** A view without reading. */
    public View(
        List<FileView> files,
        int filesInAll,
        long bytes,
        long held,
        long fetched,
        int connections,
        int filesDone) {
      this(files, filesInAll, bytes, held, fetched, connections, filesDone, Optional.empty());
    }

    /** A view with a line for each file. */
    public View(
        List<FileView> files, long bytes, long held, long fetched, int connections, int filesDone) {
      this(files, files.size(), bytes, held, fetched, connections, filesDone);
    }
  }

  /** So many bytes were read, of so many. */
  public record Reading(long bytes, long of) {}

  private final List<RepoFile> order = new java.util.concurrent.CopyOnWriteArrayList<>();
  private final ConcurrentHashMap<RepoFile, Line> lines = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong fetched = new AtomicLong();
  private final AtomicLong fromPeers = new AtomicLong();
  private final AtomicLong read = new AtomicLong();
  private final AtomicLong toRead = new AtomicLong();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();

  private static final class Line {
    final AtomicLong held = new AtomicLong();
    volatile State state = State.WAITING;
  }

  /** Files that have to be fetched; called once, before the first byte. */
  public void files(List<RepoFile> files) {
    for (RepoFile file : files) {
      if (lines.putIfAbsent(file, new Line()) == null) {
        bytes.addAndGet(file.size());
      }
    }
    order.addAll(files);
  }

  /** Changes a file's held bytes by {@code delta}, which is negative when chunks were lost. */
  public void held(RepoFile file, long delta) {
    line(file).held.addAndGet(delta);
    held.addAndGet(delta);
  }

  public void state(RepoFile file, State state) {
    Line line = line(file);
    if (state == State.DONE && line.state != State.DONE) {
      done.incrementAndGet();
    }
    line.state = state;
  }

  public void fetched(long more) {
    fetched.addAndGet(more);
  }

  /** As {@link #fetched(long)}, from another node. */
  public void fetchedFromPeer(long more) {
    fetched.addAndGet(more);
    fromPeers.addAndGet(more);
  }

  /** So many bytes more of this machine's own files are to be read. */
  void toRead(long more) {
    toRead.addAndGet(more);
  }

  void read(long more) {
    read.addAndGet(more);
  }

  /** Nothing is read any more. */
  void readAll() {
    read.set(0);
    toRead.set(0);
  }

  private Optional<Reading> reading() {
    long of = toRead.get();
    return of == 0 ? Optional.empty() : Optional.of(new Reading(Math.min(read.get(), of), of));
  }

  public void connections(int delta) {
    connections.addAndGet(delta);
  }

  public long fetched() {
    return fetched.get();
  }

  /** Of {@link #fetched()}, what came from other nodes. */
  public long fromPeers() {
    return fromPeers.get();
  }

  private Line line(RepoFile file) {
    return lines.computeIfAbsent(file, f -> new Line());
  }

  public View view() {
    List<FileView> files =
        order.stream()
            .map(
                f -> {
                  Line line = line(f);
                  return new FileView(f.path().value(), f.size(), line.held.get(), line.state);
                })
            .toList();
    return new View(
        files,
        files.size(),
        bytes.get(),
        held.get(),
        fetched.get(),
        connections.get(),
        done.get(),
        reading());
  }
}
