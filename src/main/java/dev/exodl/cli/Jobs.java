package dev.exodl.cli;

import dev.exodl.download.DoctorReport;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;
import dev.exodl.download.VerifyRequest;
import dev.exodl.download.VerifyResult;
import java.nio.file.Path;

/** What the commands let others do: the rooms behind {@code download}, or a fake of them. */
public interface Jobs {
  /** A sync that is ready to run; nothing has been asked yet. */
  Running<SyncRequest, SyncResult> sync(
      SyncSettings settings, SyncListener listener, ProgressBoard board);

  /** A verification that is ready to run. */
  Running<VerifyRequest, VerifyResult> verify(
      SyncSettings settings, SyncListener listener, ProgressBoard board);

  /** What is looked at to tell whether syncs can work here; asks the hub unless told not to. */
  DoctorReport doctor(SyncSettings settings, Path cacheRoot, boolean offline);

  /** One piece of work. */
  interface Running<Q, A> {
    /**
     * Does it, on the caller's thread.
     *
     * @throws dev.exodl.model.FailureException what the user can be told
     */
    A run(Q request);

    /** Ends it from another thread, within a second or so, keeping what is there. */
    void stop();
  }
}
