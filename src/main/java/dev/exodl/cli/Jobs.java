package dev.exodl.cli;

import dev.exodl.download.DoctorReport;
import dev.exodl.download.ExportRequest;
import dev.exodl.download.ExportResult;
import dev.exodl.download.ImportRequest;
import dev.exodl.download.ImportResult;
import dev.exodl.download.PlanRequest;
import dev.exodl.download.PlanResult;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.ServeRequest;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;
import dev.exodl.download.VerifyRequest;
import dev.exodl.download.VerifyResult;
import dev.exodl.store.Caches;
import dev.exodl.swarm.ClusterStatus;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.Serving;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** What the commands let others do: the rooms behind {@code download}, or a fake of them. */
public interface Jobs {
  /**
   * A sync that is ready to run; nothing has been asked yet.
   *
   * @param node how it is in a cluster, if it is
   */
  Running<SyncRequest, SyncResult> sync(
      SyncSettings settings,
      Optional<NodeSettings> node,
      SyncListener listener,
      ProgressBoard board);

  /** A verification that is ready to run. */
  Running<VerifyRequest, VerifyResult> verify(
      SyncSettings settings, SyncListener listener, ProgressBoard board);

  /** An export that is ready to run. */
  Running<ExportRequest, ExportResult> export(
      SyncSettings settings, SyncListener listener, ProgressBoard board);

  /** An import that is ready to run. */
  Running<ImportRequest, ImportResult> importing(
      SyncSettings settings, SyncListener listener, ProgressBoard board);

  /** A plan that is ready to be made; its work is short and is not stopped. */
  Running<PlanRequest, PlanResult> plan(SyncSettings settings, SyncListener listener);

  /**
   * A look at a cluster that is ready to be taken: it joins, waits for another node no longer than
   * the node's patience, asks all how they are, tells what they answer, and leaves. Run with an
   * interval it goes on until it is stopped, else it looks once. The answer is what it told last.
   *
   * @param each told each answer, on the thread that runs it, perhaps without any node; what it
   *     throws ends the work
   */
  Running<Optional<Duration>, ClusterStatus> status(
      NodeSettings node, SyncListener listener, Consumer<ClusterStatus> each);

  /**
   * A node that serves what a cache holds, ready to join; it writes nothing there. It works until
   * it is stopped, then leaves in good order; the answer is the bytes it has sent to other nodes.
   *
   * @param ready told once, when others can get chunks from here
   */
  Running<ServeRequest, Long> serve(
      SyncSettings settings, NodeSettings node, SyncListener listener, Consumer<Serving> ready);

  /** What is looked at to tell whether syncs can work here; asks the hub unless told not to. */
  DoctorReport doctor(SyncSettings settings, Caches caches, boolean offline);

  /** One piece of work. */
  interface Running<Q, A> {
    /**
     * Does it, on the caller's thread.
     *
     * @throws dev.exodl.model.FailureException what the user can be told
     */
    A run(Q request);

    /** Whether {@link #after} has something to do. */
    default boolean hasMore() {
      return false;
    }

    /**
     * What is left to do when the answer was given, such as serving others; until that is done, or
     * stopped.
     */
    default void after() {}

    /** Ends it from another thread, within a second or so, keeping what is there. */
    void stop();
  }
}
