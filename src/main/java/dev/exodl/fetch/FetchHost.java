package dev.exodl.fetch;

import dev.exodl.model.Chunk;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import java.time.Duration;
import java.util.Random;

/** What the tasks of one fetch share: source, limits, and what follows a trouble. */
final class FetchHost implements RunTask.Host {
  private final Fetcher fetcher;
  private final ChunkSource source;
  private final FetchListener listener;
  private final SourceCalm calm;
  private final RateLimiter limiter;
  private final Buffers buffers = new Buffers();
  private final RetryPolicy policy;

  FetchHost(
      Fetcher fetcher,
      ChunkSource source,
      FetchLimits limits,
      FetchListener listener,
      SourceCalm calm) {
    this.fetcher = fetcher;
    this.source = source;
    this.listener = listener;
    this.calm = calm;
    this.limiter = new RateLimiter(limits.maxBytesPerSecond(), System::nanoTime);
    this.policy = new RetryPolicy(limits.giveUpAfter(), new Random());
  }

  @Override
  public ChunkSource source() {
    return source;
  }

  @Override
  public RateLimiter limiter() {
    return limiter;
  }

  @Override
  public Buffers buffers() {
    return buffers;
  }

  @Override
  public FetchListener listener() {
    return listener;
  }

  @Override
  public void awaitCalm() throws InterruptedException {
    calm.awaitCalm();
  }

  @Override
  public void awaitRetry(RepoFile file, Trouble trouble, int attempt, long lastByteNanos)
      throws InterruptedException {
    Duration since = Duration.ofNanos(System.nanoTime() - lastByteNanos);
    switch (policy.verdict(trouble, file.path().value(), attempt, since)) {
      case RetryPolicy.Verdict.GiveUp end -> throw new FailureException(end.failure());
      case RetryPolicy.Verdict.Again again -> {
        listener.retrying(file, trouble, attempt, again.delay());
        if (again.all()) {
          calm.throttle(again.delay());
          fetcher.throttled();
        }
        calm.pause(again.delay());
      }
    }
  }

  @Override
  public boolean alreadyHeld(int file, int chunk) {
    return fetcher.alreadyHeld(file, chunk);
  }

  @Override
  public void held(RunTask task, Chunk chunk) {
    fetcher.held(task, chunk);
  }

  @Override
  public boolean becomeOnlyRun(RunTask task) {
    return fetcher.becomeOnlyRun(task);
  }
}
