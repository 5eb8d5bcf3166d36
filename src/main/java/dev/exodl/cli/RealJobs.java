package dev.exodl.cli;

import dev.exodl.download.Doctor;
import dev.exodl.download.DoctorReport;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.Sync;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;
import dev.exodl.download.Verify;
import dev.exodl.download.VerifyRequest;
import dev.exodl.download.VerifyResult;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Function;

/** Wires the commands to the rooms that work. */
final class RealJobs implements Jobs {
  @Override
  public Running<SyncRequest, SyncResult> sync(
      SyncSettings settings, SyncListener listener, ProgressBoard board) {
    Sync sync = new Sync(settings, listener, board);
    return new Work<>(sync::run, sync::stop);
  }

  @Override
  public Running<VerifyRequest, VerifyResult> verify(
      SyncSettings settings, SyncListener listener, ProgressBoard board) {
    Verify verify = new Verify(settings, listener, board);
    return new Work<>(verify::run, verify::stop);
  }

  @Override
  public DoctorReport doctor(SyncSettings settings, Path cacheRoot, boolean offline) {
    return new Doctor(settings, cacheRoot, Clock.systemUTC()).examine(offline);
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
