package dev.exodl.cli;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncListener;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;

/** Wires the commands to the rooms that work. */
final class RealJobs implements Jobs {
  @Override
  public RunningSync sync(Means means, SyncListener listener, ProgressBoard board) {
    throw new FailureException(
        new Failure.Internal("sync is not wired yet", "this build", "take a later one"));
  }
}
