package dev.exodl.fetch;

import dev.exodl.model.Chunk;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.Origin;
import java.time.Duration;
import java.util.Random;

/** What the tasks of one fetch share: source, limits, and what follows a trouble. */
final class FetchHost implements RunTask.Host {
  private final Fetcher fetcher;
  private final Exchange exchange;
  private final FetchListener listener;
  private final SourceCalm calm;
  private final long maxHubRate;
  private final RateLimiter hubLimiter;
  private final RateLimiter peerLimiter;
  private final Buffers buffers = new Buffers();
  private final RetryPolicy policy;

  FetchHost(
      Fetcher fetcher,
      Exchange exchange,
      FetchLimits limits,
      FetchListener listener,
      SourceCalm calm) {
    this.fetcher = fetcher;
    this.exchange = exchange;
    this.listener = listener;
    this.calm = calm;
    this.maxHubRate = limits.maxBytesPerSecond();
    this.hubLimiter = new RateLimiter(limits.maxBytesPerSecond(), System::nanoTime);
    this.peerLimiter = new RateLimiter(limits.maxPeerBytesPerSecond(), System::nanoTime);
    this.policy = new RetryPolicy(limits.giveUpAfter(), new Random());
  }

  /** What this node may take from the hub; its own cap stays. */
  void hubRate(long bytesPerSecond) {
    boolean own = bytesPerSecond == 0 || (maxHubRate > 0 && maxHubRate < bytesPerSecond);
    hubLimiter.cap(own ? maxHubRate : bytesPerSecond);
  }

  @Override
  public ChunkSource source(Origin origin) {
    return exchange.source(origin);
  }

  @Override
  public RateLimiter limiter(Origin origin) {
    return switch (origin) {
      case Origin.Hub hub -> hubLimiter;
      case Origin.Peer peer -> peerLimiter;
    };
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
  public boolean right(RunTask task, Chunk chunk, int crc32c) {
    return exchange.right(task.origin(), task.fileNumber(), chunk.index(), crc32c);
  }

  @Override
  public boolean gaveUp(Origin origin, Trouble trouble) {
    return exchange.gaveUp(origin, trouble);
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
