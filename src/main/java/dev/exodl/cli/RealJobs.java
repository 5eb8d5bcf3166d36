package dev.exodl.cli;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.Sync;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;

/** Wires the commands to the rooms that work. */
final class RealJobs implements Jobs {
  @Override
  public RunningSync sync(SyncSettings settings, SyncListener listener, ProgressBoard board) {
    Sync sync = new Sync(settings, listener, board);
    return new RunningSync() {
      @Override
      public SyncResult run(SyncRequest request) {
        return sync.run(request);
      }

      @Override
      public void stop() {
        sync.stop();
      }
    };
  }
}
