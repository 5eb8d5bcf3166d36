package dev.exodl.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.model.BlobId;
import dev.exodl.model.Chunk;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.Origin;
import dev.exodl.plan.Run;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunTaskTest {
  private static final int MIB = 1 << 20;

  private final RepoFile file =
      new RepoFile(new RepoPath("f"), MIB, new BlobId.GitSha1("0".repeat(40)));
  private final byte[] content = new byte[MIB];
  private final AtomicInteger waits = new AtomicInteger();

  /** The first two requests are refused for a while; the watch strikes while the task waits. */
  @Test
  void replacingAConnectionThatIsNotThereForgetsNoWait() throws Exception {
    new Random(1).nextBytes(content);
    MemoryWork work = new MemoryWork(file, MIB);
    MemorySource source =
        new MemorySource(
            Map.of(file, content),
            (request, f, range) -> {
              if (request < 2) {
                throw new SourceException(new Trouble.Throttled("slow down", null));
              }
              return -1;
            });
    RunTask[] task = new RunTask[1];
    task[0] =
        new RunTask(host(source, () -> task[0].replaceConnection()), file, work, run(), Origin.HUB);
    task[0].transfer();
    assertEquals(2, waits.get());
    assertArrayEquals(content, work.bytes);
  }

  private static Run run() {
    return new Run(1, 0, 0, 1);
  }

  private RunTask.Host host(ChunkSource source, Runnable whileWaiting) {
    return new RunTask.Host() {
      private final RateLimiter limiter = new RateLimiter(0, System::nanoTime);

      @Override
      public ChunkSource source(Origin origin) {
        return source;
      }

      @Override
      public Buffers buffers() {
        return new Buffers();
      }

      @Override
      public RateLimiter limiter(Origin origin) {
        return limiter;
      }

      @Override
      public FetchListener listener() {
        return new Silence();
      }

      @Override
      public void awaitCalm() {}

      @Override
      public void awaitRetry(RepoFile f, Trouble trouble, int attempt, long lastByteNanos) {
        waits.incrementAndGet();
        whileWaiting.run();
      }

      @Override
      public boolean alreadyHeld(int number, int chunk) {
        return false;
      }

      @Override
      public boolean right(RunTask by, Chunk chunk, int crc32c) {
        return true;
      }

      @Override
      public boolean gaveUp(Origin origin, Trouble trouble) {
        return false;
      }

      @Override
      public void held(RunTask by, Chunk chunk) {}

      @Override
      public boolean becomeOnlyRun(RunTask by) {
        return true;
      }
    };
  }
}
