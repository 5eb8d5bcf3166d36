package dev.exodl.store;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The thread of this process that says its claims are alive; it ends when there are none. */
final class Heartbeats {
  private static final ScheduledThreadPoolExecutor THREAD =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().daemon().name("exo-dl heartbeat").unstarted(task));

  static {
    THREAD.setRemoveOnCancelPolicy(true);
    THREAD.setKeepAliveTime(5, TimeUnit.SECONDS);
    THREAD.allowCoreThreadTimeOut(true);
  }

  private Heartbeats() {}

  static ScheduledFuture<?> every(Duration time, Runnable beat) {
    return THREAD.scheduleWithFixedDelay(
        beat, time.toMillis(), time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
