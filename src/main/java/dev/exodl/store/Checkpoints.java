package dev.exodl.store;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that saves states in the background: a platform thread, since a sync can take
 * seconds and would hold a virtual thread's carrier; one, so that a slow disk is asked for one sync
 * at a time. It ends when idle.
 */
final class Checkpoints {
  private static final ThreadPoolExecutor THREAD =
      new ThreadPoolExecutor(
          1,
          1,
          5,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> Thread.ofPlatform().daemon().name("exo-dl checkpoints").unstarted(task));

  static {
    THREAD.allowCoreThreadTimeOut(true);
  }

  private Checkpoints() {}

  static Executor background() {
    return THREAD;
  }
}
