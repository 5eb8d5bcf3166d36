package dev.exodl.plan;

import dev.exodl.model.ChunkGrid;
import java.util.BitSet;

/**
 * Something that happened to the plan's files. Each kind knows how it changes the state, and
 * nothing else does.
 */
public sealed interface PlanEvent {
  /** Writes the change into the state. */
  void applyTo(PlanState state);

  /** A file is being opened. */
  record FileOpening(int file) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      state.stage(file, FilePlan.Stage.OPENING);
    }
  }

  /** Opening takes long, because another process holds the file: others may be opened meanwhile. */
  record FileWaiting(int file) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      state.stage(file, FilePlan.Stage.WAITING);
    }
  }

  /** A file was opened: this is its grid, and these chunks are held from before. */
  record FileOpened(int file, ChunkGrid grid, BitSet have) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      state.file(file).open(grid, have);
      state.stage(file, FilePlan.Stage.OPEN);
    }
  }

  /** Nothing of this file needs to be fetched any more. */
  record FileGone(int file) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      state.stage(file, FilePlan.Stage.GONE);
    }
  }

  /** A connection took the run. */
  record RunStarted(Run run) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      FilePlan file = state.file(run.file());
      file.taken.set(run.first(), run.end());
      file.runs++;
      state.putRun(run);
      state.changed(file, run.first(), run.end());
    }
  }

  /** All bytes of a chunk are here. */
  record ChunkHeld(int file, int chunk) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      state.file(file).have.set(chunk);
      state.file(file).taken.clear(chunk);
      state.changed(state.file(file), chunk, chunk + 1);
    }
  }

  /** A chunk that was held turned out to be bad. */
  record ChunkLost(int file, int chunk) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      state.file(file).have.clear(chunk);
      state.changed(state.file(file), chunk, chunk + 1);
    }
  }

  /** The run ends earlier than it was meant to; the chunks behind are free again. */
  record RunCut(long run, int end) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      Run old = state.run(run);
      state.file(old.file()).taken.clear(end, old.end());
      state.putRun(old.cutAt(end));
      state.changed(state.file(old.file()), end, old.end());
    }
  }

  /** A connection is done with the run; chunks of it that are not held are free again. */
  record RunEnded(long run) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      Run old = state.removeRun(run);
      FilePlan file = state.file(old.file());
      file.taken.clear(old.first(), old.end());
      file.runs--;
      state.changed(file, old.first(), old.end());
      state.ended(old);
    }
  }

  /**
   * The source serves this file only from its first byte on: one run, one connection, from the
   * start.
   */
  record RangesIgnored(int file) implements PlanEvent {
    @Override
    public void applyTo(PlanState state) {
      state.file(file).sequential = true;
      state.staged(state.file(file));
    }
  }
}
