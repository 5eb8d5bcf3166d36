package dev.exodl.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.Origin;
import dev.exodl.plan.PlanState;
import dev.exodl.plan.Run;
import dev.exodl.plan.Step;
import java.time.Duration;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FetcherTest {
  private static final int MIB = 1 << 20;

  private final Map<RepoFile, byte[]> contents = new LinkedHashMap<>();
  private final AtomicLong written = new AtomicLong();
  private final AtomicInteger retries = new AtomicInteger();

  private MemoryWork file(int size) {
    RepoFile file =
        new RepoFile(
            new RepoPath("f" + contents.size()), size, new BlobId.GitSha1("%040x".formatted(size)));
    byte[] content = new byte[size];
    new Random(size).nextBytes(content);
    contents.put(file, content);
    return new MemoryWork(file, MIB);
  }

  private Fetcher fetcher(ChunkSource source, FetchLimits limits, FileWork... works) {
    return fetcher(Exchange.alone(source), limits, works);
  }

  private Fetcher fetcher(Exchange exchange, FetchLimits limits, FileWork... works) {
    return new Fetcher(
        List.of(works),
        exchange,
        MIB,
        2,
        limits,
        new FetchListener() {
          @Override
          public void received(Origin from, long bytes) {}

          @Override
          public void written(RepoFile file, long delta) {
            written.addAndGet(delta);
          }

          @Override
          public void connections(int delta) {}

          @Override
          public void retrying(RepoFile file, Trouble trouble, int attempt, Duration delay) {
            retries.incrementAndGet();
          }

          @Override
          public void detail(String text) {}
        });
  }

  private void check(MemoryWork... works) {
    for (MemoryWork work : works) {
      assertEquals(List.of(), work.faults);
      assertArrayEquals(contents.get(work.file), work.bytes);
      assertTrue(work.finished >= 1);
    }
  }

  /** What a cluster's does: how many streams there are is not tried. */
  private record Bounded(Exchange exchange) implements Exchange {
    @Override
    public Step next(PlanState plan, int connections, long runBytes) {
      return exchange.next(plan, connections, runBytes);
    }

    @Override
    public ChunkSource source(Origin origin) {
      return exchange.source(origin);
    }

    @Override
    public boolean boundsStreams() {
      return true;
    }

    @Override
    public boolean right(Origin origin, int file, int chunk, int crc32c) {
      return exchange.right(origin, file, chunk, crc32c);
    }

    @Override
    public boolean gaveUp(Origin origin, Trouble trouble) {
      return exchange.gaveUp(origin, trouble);
    }
  }

  @Test
  void fetchesEveryByteOnce() throws Exception {
    MemoryWork[] works = {file(20 * MIB + 5), file(3), file(0), file(MIB), file(7 * MIB)};
    MemorySource source = new MemorySource(contents);
    fetcher(source, FetchLimits.DEFAULT, works).fetch();
    check(works);
    assertEquals(28L * MIB + 8, source.served.get());
    assertEquals(28L * MIB + 8, written.get());
    assertEquals(0, source.open.get());
  }

  @Test
  void aFileThatWaitsForAnotherProcessHoldsNoConnection() throws Exception {
    MemoryWork waiting = file(5);
    MemoryWork other = file(3 * MIB);
    CompletableFuture<Void> otherDone = new CompletableFuture<>();
    FileWork patient =
        new FileWork() {
          @Override
          public RepoFile file() {
            return waiting.file();
          }

          @Override
          public Optional<Unfinished> open(Runnable waits) {
            waits.run();
            otherDone.join();
            return waiting.open(waits);
          }

          @Override
          public BitSet whole() {
            return waiting.whole();
          }
        };
    FileWork telling =
        new FileWork() {
          @Override
          public RepoFile file() {
            return other.file();
          }

          @Override
          public Optional<Unfinished> open(Runnable waits) {
            return other.open(waits);
          }

          @Override
          public BitSet whole() {
            otherDone.complete(null);
            return other.whole();
          }
        };
    FetchLimits one = new FetchLimits(1, 0, 0, Duration.ofSeconds(5));
    fetcher(new MemorySource(contents), one, patient, telling).fetch();
    check(waiting, other);
  }

  @Test
  void neverOpensMoreConnectionsThanAllowed() throws Exception {
    MemoryWork[] works = {file(20 * MIB), file(20 * MIB), file(1), file(2), file(3)};
    MemorySource source = new MemorySource(contents);
    source.perRead = Duration.ofMillis(1);
    fetcher(source, new FetchLimits(3, 0, 0, Duration.ofSeconds(5)), works).fetch();
    check(works);
    assertTrue(source.mostOpen.get() <= 3, "open at once: " + source.mostOpen.get());
  }

  @Test
  void goesOnAtTheSameByteAfterABrokenConnection() throws Exception {
    MemoryWork work = file(6 * MIB);
    MemorySource source =
        new MemorySource(contents, (request, f, range) -> request % 2 == 0 ? 700_000 : -1);
    fetcher(source, FetchLimits.DEFAULT, work).fetch();
    check(work);
    assertEquals(6L * MIB, source.served.get());
    assertTrue(retries.get() > 0);
  }

  @Test
  void waitsWhenTheSourceAsksForIt() throws Exception {
    MemoryWork work = file(4 * MIB);
    long begin = System.nanoTime();
    MemorySource source =
        new MemorySource(
            contents,
            (request, f, range) -> {
              if (request < 4) {
                throw new SourceException(new Trouble.Throttled("429", Duration.ofSeconds(1)));
              }
              return -1;
            });
    fetcher(source, FetchLimits.DEFAULT, work).fetch();
    check(work);
    assertTrue(System.nanoTime() - begin >= 1_000_000_000L);
  }

  @Test
  void startsOverWithOneConnectionWhenRangesAreIgnored() throws Exception {
    MemoryWork work = file(9 * MIB);
    work.have.set(0, 2);
    System.arraycopy(contents.get(work.file), 0, work.bytes, 0, 2 * MIB);
    MemorySource source = new MemorySource(contents);
    source.ignoresRanges = true;
    source.perRead = Duration.ofMillis(1);
    fetcher(source, FetchLimits.DEFAULT, work).fetch();
    check(work);
  }

  @Test
  void replacesAConnectionThatGivesNothing() throws Exception {
    MemoryWork work = file(60 * MIB);
    MemorySource source = new MemorySource(contents);
    source.stalled.add(2);
    source.perRead = Duration.ofMillis(10);
    fetcher(source, FetchLimits.DEFAULT, work).fetch();
    check(work);
    assertEquals(60L * MIB, written.get());
  }

  /** In a cluster: the exchange says how many there are, and nobody takes over their runs. */
  @Test
  void replacesAConnectionThatGivesNothingThoughThereAreFew() throws Exception {
    MemoryWork work = file(24 * MIB);
    MemorySource source = new MemorySource(contents);
    source.stalled.add(1);
    source.perRead = Duration.ofMillis(5);
    fetcher(
            new Bounded(Exchange.alone(source)),
            new FetchLimits(2, 0, 0, Duration.ofSeconds(60)),
            work)
        .fetch();
    check(work);
    assertEquals(24L * MIB, written.get());
    assertEquals(0, retries.get(), "that is no trouble");
  }

  @Test
  void fetchesAgainTheChunksThatTurnedOutBad() throws Exception {
    MemoryWork work = file(5 * MIB);
    BitSet bad = new BitSet();
    bad.set(1);
    bad.set(4);
    work.badOnce.add(bad);
    MemorySource source = new MemorySource(contents);
    fetcher(source, FetchLimits.DEFAULT, work).fetch();
    check(work);
    assertEquals(2, work.finished);
    assertEquals(7L * MIB, source.served.get());
  }

  @Test
  void endsWithTheFailureThatNoRetryMends() {
    MemoryWork[] works = {file(20 * MIB), file(20 * MIB)};
    Failure refusal = new Failure.Auth("no", "there", "log in");
    MemorySource source =
        new MemorySource(
            contents,
            (request, f, range) -> {
              if (request == 5) {
                throw new SourceException(new Trouble.Refused(refusal));
              }
              return -1;
            });
    source.perRead = Duration.ofMillis(1);
    FailureException e =
        assertThrows(
            FailureException.class, () -> fetcher(source, FetchLimits.DEFAULT, works).fetch());
    assertSame(refusal, e.failure());
    assertEquals(0, source.open.get());
  }

  @Test
  void stopEndsItSoonThoughAConnectionHangs() throws Exception {
    MemoryWork work = file(20 * MIB);
    MemorySource source = new MemorySource(contents);
    for (int i = 0; i < 20; i++) {
      source.stalled.add(i);
    }
    Fetcher fetcher = fetcher(source, FetchLimits.DEFAULT, work);
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                fetcher.fetch();
                ended.complete(false);
              } catch (InterruptedException e) {
                ended.complete(true);
              }
            });
    while (source.open.get() == 0) {
      Thread.sleep(5);
    }
    fetcher.stop();
    assertTrue(ended.get(5, TimeUnit.SECONDS));
    assertEquals(0, source.open.get());
  }

  @Test
  void whatARunThatIsEndedDidNotBringComesOverAnotherConnection() throws Exception {
    MemoryWork work = file(4 * MIB);
    MemorySource source = new MemorySource(contents);
    source.stalled.add(0);
    Fetcher fetcher = fetcher(source, new FetchLimits(1, 0, 0, Duration.ofSeconds(60)), work);
    Thread.ofVirtual()
        .start(
            () -> {
              while (source.open.get() == 0) {
                LockSupport.parkNanos(5_000_000);
              }
              List<Long> runs = fetcher.look(plan -> plan.runs().stream().map(Run::id).toList());
              fetcher.end(List.of(runs.getFirst(), 99L));
            });
    fetcher.fetch();
    check(work);
    assertEquals(0, retries.get(), "that is no trouble");
    assertEquals(4L * MIB, written.get());
  }

  @Test
  void keepsTheRateCap() throws Exception {
    MemoryWork work = file(3 * MIB);
    MemorySource source = new MemorySource(contents);
    long begin = System.nanoTime();
    fetcher(source, new FetchLimits(4, 2L * MIB, 0, Duration.ofSeconds(5)), work).fetch();
    double seconds = (System.nanoTime() - begin) / 1e9;
    check(work);
    assertTrue(seconds >= 1.3, "too fast: " + seconds);
  }
}
