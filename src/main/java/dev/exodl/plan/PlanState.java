package dev.exodl.plan;

import dev.exodl.model.ChunkGrid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of a plan: files, held chunks, runs. Not safe for several threads: its owner has a
 * lock.
 *
 * <p>Small files (one chunk) and large ones are taken in turn, so that the many requests of small
 * files overlap with the long transfers of large ones. Large files are taken in order and from
 * their first byte on, few at a time, so that digests follow the bytes while they are in memory.
 */
public final class PlanState {
  /**
   * Below this a request costs more than it balances; who is slow at the end is relieved by a cut.
   */
  private static final long SHORTEST_RUN = 4L << 20;

  private final List<FilePlan> files = new ArrayList<>();
  private final List<FilePlan> smalls;
  private final List<FilePlan> larges;
  private final Map<Long, Run> runs = new HashMap<>();
  private final int spread;
  private long nextRun = 1;
  private int smallOpening;
  private int smallCursor;
  private int largeCursor;
  private int gone;
  private @Nullable PlanWatch watch;

  /**
   * A plan of files none of which is open.
   *
   * @param sizes bytes of each file; its number is its place in this list
   * @param chunkSize bytes; files of at most this size count as small
   * @param spread how many large files to work on at once
   */
  public PlanState(List<Long> sizes, int chunkSize, int spread) {
    for (long size : sizes) {
      files.add(new FilePlan(files.size(), size, size <= chunkSize));
    }
    this.smalls = files.stream().filter(f -> f.small).toList();
    this.larges = files.stream().filter(f -> !f.small).toList();
    this.spread = Math.max(1, spread);
  }

  /** Writes an event into the state. */
  public void apply(PlanEvent event) {
    event.applyTo(this);
  }

  /**
   * What to do next.
   *
   * @param connections how many connections share the work
   * @param runBytes a run should have about this many bytes, fewer near the end
   */
  public Step next(int connections, long runBytes) {
    FilePlan small = nextSmall();
    FilePlan large = nextLarge();
    // Half of the connections at most are busy with small files while there are large ones.
    boolean smallTurn = large == null || 2 * smallBusy() < connections;
    FilePlan file = small != null && smallTurn ? small : large;
    if (file == null) {
      return new Step.Idle();
    }
    if (file.stage == FilePlan.Stage.CLOSED) {
      return new Step.Open(file.number);
    }
    int first = file.firstFree(0);
    int end = file.endOfFree(first, wantedChunks(file.grid(), connections, runBytes));
    return new Step.Fetch(run(file, first, end), Origin.HUB);
  }

  /** A new run of a file's chunks. */
  Run run(FilePlan file, int first, int end) {
    return new Run(nextRun++, file.number, first, end);
  }

  /** Tells this one of all changes from now on, in place of who was told before. */
  void watch(PlanWatch watcher) {
    watch = watcher;
  }

  /** Chunks of this file came, went, or were taken. */
  void changed(FilePlan file, int first, int end) {
    if (watch != null) {
      watch.changed(file, first, end);
    }
  }

  /** The file's stage, or how it is served, is another one. */
  void staged(FilePlan file) {
    if (watch != null) {
      watch.staged(file);
    }
  }

  /** All files, by their numbers. */
  List<FilePlan> files() {
    return files;
  }

  /** Run lengths shrink with what is left, so that all connections end at about the same time. */
  private int wantedChunks(ChunkGrid grid, int connections, long runBytes) {
    long fair = freeBytes() / Math.max(1, 2L * connections);
    return (int) Math.max(1, Math.min(runBytes, Math.max(fair, SHORTEST_RUN)) / grid.chunkSize());
  }

  /** Of large files: what small ones have left is fetched beside them. */
  private long freeBytes() {
    long free = 0;
    for (int i = largeCursor; i < larges.size(); i++) {
      FilePlan file = larges.get(i);
      if (file.stage == FilePlan.Stage.CLOSED) {
        free += file.size;
      } else if (file.stage == FilePlan.Stage.OPEN) {
        int count = file.grid().count();
        int open = count - file.have.cardinality() - file.taken.cardinality();
        free += (long) open * file.grid().chunkSize();
      }
    }
    return free;
  }

  private @Nullable FilePlan nextSmall() {
    for (int i = smallCursor; i < smalls.size(); i++) {
      FilePlan file = smalls.get(i);
      if (file.stage == FilePlan.Stage.GONE) {
        smallCursor += i == smallCursor ? 1 : 0;
      } else if (file.stage == FilePlan.Stage.CLOSED || file.firstFree(0) >= 0) {
        return file;
      }
    }
    return null;
  }

  private @Nullable FilePlan nextLarge() {
    FilePlan best = null;
    int bestRuns = Integer.MAX_VALUE;
    int open = 0;
    for (int i = largeCursor; i < larges.size() && open < spread; i++) {
      FilePlan file = larges.get(i);
      if (file.stage == FilePlan.Stage.GONE) {
        largeCursor += i == largeCursor ? 1 : 0;
      } else if (file.stage == FilePlan.Stage.CLOSED) {
        return best == null || bestRuns > 0 ? file : best;
      } else if (file.stage == FilePlan.Stage.OPENING) {
        open++;
      } else if (file.firstFree(0) >= 0) {
        open++;
        if (file.runs < bestRuns) {
          best = file;
          bestRuns = file.runs;
        }
      }
    }
    return best;
  }

  private long smallBusy() {
    return smallOpening + runs.values().stream().filter(r -> files.get(r.file()).small).count();
  }

  /** Whether every chunk of this file is held and no run of it is under way. */
  public boolean whole(int file) {
    return files.get(file).whole();
  }

  /** Whether every file is gone from the plan. */
  public boolean finished() {
    return gone == files.size();
  }

  /** Whether this chunk is held. */
  public boolean held(int file, int chunk) {
    return files.get(file).have.get(chunk);
  }

  /** The runs that are under way. */
  public Collection<Run> runs() {
    return List.copyOf(runs.values());
  }

  /**
   * The run as it stands now; it may have been cut since it started.
   *
   * @throws IllegalStateException when it has ended
   */
  public Run run(long id) {
    return Optional.ofNullable(runs.get(id))
        .orElseThrow(() -> new IllegalStateException("no run " + id));
  }

  /** Whether this run is under way. */
  public boolean isRunning(long id) {
    return runs.containsKey(id);
  }

  /** Whether the source serves this file only from its first byte on. */
  public boolean sequential(int file) {
    return files.get(file).sequential;
  }

  /** Whether this file is one of few bytes, fetched by one request. */
  public boolean small(int file) {
    return files.get(file).small;
  }

  void stage(int number, FilePlan.Stage stage) {
    FilePlan file = files.get(number);
    if (file.small && file.stage == FilePlan.Stage.OPENING) {
      smallOpening--;
    }
    if (file.small && stage == FilePlan.Stage.OPENING) {
      smallOpening++;
    }
    gone += stage == FilePlan.Stage.GONE && file.stage != FilePlan.Stage.GONE ? 1 : 0;
    file.stage = stage;
    staged(file);
  }

  FilePlan file(int number) {
    return files.get(number);
  }

  void putRun(Run run) {
    runs.put(run.id(), run);
  }

  Run removeRun(long id) {
    Run run = run(id);
    runs.remove(id);
    return run;
  }

  /** The run is over, and what it left is told. */
  void ended(Run run) {
    if (watch != null) {
      watch.ended(run);
    }
  }
}
