package dev.exodl.cli;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** What the commands let others do: the rooms behind {@code download}, or a fake of them. */
public interface Jobs {
  /** A sync that is ready to run; nothing has been asked yet. */
  RunningSync sync(Means means, SyncListener listener, ProgressBoard board);

  /**
   * How the hub may be reached and used, after command line and settings.
   *
   * @param maxRate bytes a second, 0 for no limit
   */
  record Means(
      URI endpoint,
      Optional<String> token,
      Duration metadataTimeout,
      Duration downloadTimeout,
      Optional<String> userAgentOrigin,
      boolean telemetry,
      Optional<java.nio.file.Path> caFile,
      int maxConnections,
      long maxRate,
      boolean symlinks) {}

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
