package dev.exodl.cli;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;

/** What the commands let others do: the rooms behind {@code download}, or a fake of them. */
public interface Jobs {
  /** A sync that is ready to run; nothing has been asked yet. */
  RunningSync sync(SyncSettings settings, SyncListener listener, ProgressBoard board);

  /** One sync. */
  interface RunningSync {
    /**
     * Does it, on the caller's thread.
     *
     * @throws dev.exodl.model.FailureException what the user can be told
     */
    SyncResult run(SyncRequest request);

    /** Ends it from another thread, within a second or so, keeping what is there. */
    void stop();
  }
}
