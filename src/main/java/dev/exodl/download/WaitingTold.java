package dev.exodl.download;

import dev.exodl.model.RepoFile;
import dev.exodl.store.LockWaiter;
import java.time.Duration;

/** Tells now and then that a file waits for another process, and for how long. */
final class WaitingTold implements LockWaiter {
  private static final Duration BETWEEN_TELLINGS = Duration.ofSeconds(10);

  private final RepoFile file;
  private final SyncFile.Setting with;
  private final Runnable waiting;
  private Duration toldAt = Duration.ZERO;

  WaitingTold(RepoFile file, SyncFile.Setting with, Runnable waiting) {
    this.file = file;
    this.with = with;
    this.waiting = waiting;
  }

  @Override
  public boolean waiting(String owner, Duration since) {
    waiting.run();
    if (toldAt.isZero() || since.minus(toldAt).compareTo(BETWEEN_TELLINGS) >= 0) {
      toldAt = since.plusMillis(1);
      with.voice().tell(new SyncEvent.WaitingForLock(file, owner, since));
    }
    return !with.stopped().getAsBoolean();
  }
}
