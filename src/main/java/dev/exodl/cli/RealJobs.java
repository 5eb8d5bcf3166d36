package dev.exodl.cli;

import dev.exodl.download.ClusterLook;
import dev.exodl.download.Doctor;
import dev.exodl.download.DoctorReport;
import dev.exodl.download.Export;
import dev.exodl.download.ExportRequest;
import dev.exodl.download.ExportResult;
import dev.exodl.download.Import;
import dev.exodl.download.ImportRequest;
import dev.exodl.download.ImportResult;
import dev.exodl.download.Plan;
import dev.exodl.download.PlanRequest;
import dev.exodl.download.PlanResult;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.Serve;
import dev.exodl.download.ServeRequest;
import dev.exodl.download.Sync;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;
import dev.exodl.download.Verify;
import dev.exodl.download.VerifyRequest;
import dev.exodl.download.VerifyResult;
import dev.exodl.store.Caches;
import dev.exodl.swarm.ClusterStatus;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.Serving;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Wires the commands to the rooms that work. */
final class RealJobs implements Jobs {
  @Override
  public Running<SyncRequest, SyncResult> sync(
      SyncSettings settings,
      Optional<NodeSettings> node,
      SyncListener listener,
      ProgressBoard board) {
    Sync sync = new Sync(settings, node.orElse(null), listener, board);
    return new Running<>() {
      @Override
      public SyncResult run(SyncRequest request) {
        return sync.run(request);
      }

      @Override
      public boolean hasMore() {
        return sync.lingers();
      }

      @Override
      public void after() {
        sync.linger();
      }

      @Override
      public void stop() {
        sync.stop();
      }
    };
  }

  @Override
  public Running<VerifyRequest, VerifyResult> verify(
      SyncSettings settings, SyncListener listener, ProgressBoard board) {
    Verify verify = new Verify(settings, listener, board);
    return new Work<>(verify::run, verify::stop);
  }

  @Override
  public Running<ExportRequest, ExportResult> export(
      SyncSettings settings, SyncListener listener, ProgressBoard board) {
    Export export = new Export(settings, listener, board);
    return new Work<>(export::run, export::stop);
  }

  @Override
  public Running<ImportRequest, ImportResult> importing(
      SyncSettings settings, SyncListener listener, ProgressBoard board) {
    Import work = new Import(settings, listener, board);
    return new Work<>(work::run, work::stop);
  }

  @Override
  public Running<PlanRequest, PlanResult> plan(SyncSettings settings, SyncListener listener) {
    return new Work<>(new Plan(settings, listener)::run, () -> {});
  }

  @Override
  public Running<Optional<Duration>, ClusterStatus> status(
      NodeSettings node, SyncListener listener, Consumer<ClusterStatus> each) {
    ClusterLook look = new ClusterLook(node, listener, each);
    return new Work<>(look::run, look::stop);
  }

  @Override
  public Running<ServeRequest, Long> serve(
      SyncSettings settings, NodeSettings node, SyncListener listener, Consumer<Serving> ready) {
    Serve serve = new Serve(settings, node, listener, ready);
    return new Work<>(serve::run, serve::stop);
  }

  @Override
  public DoctorReport doctor(SyncSettings settings, Caches caches, boolean offline) {
    return new Doctor(settings, caches, Clock.systemUTC()).examine(offline);
  }

  private record Work<Q, A>(Function<Q, A> work, Runnable stopping) implements Running<Q, A> {
    @Override
    public A run(Q request) {
      return work.apply(request);
    }

    @Override
    public void stop() {
      stopping.run();
    }
  }
}
