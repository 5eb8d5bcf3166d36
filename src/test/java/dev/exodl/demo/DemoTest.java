package dev.exodl.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.Sync;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncSettings;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  private static final long SIZE = 8 << 20;

  @TempDir Path temp;
  private final List<DemoStep> steps = new ArrayList<>();

  /** The product's own sync. */
  private static Path sync(URI endpoint, String repo, Path cache) {
    SyncSettings settings = new SyncSettings(HubSettings.of(endpoint), FetchLimits.DEFAULT, false);
    SyncRequest request =
        new SyncRequest(
            new Repo(RepoType.MODEL, repo),
            Revision.MAIN,
            SyncRequest.Selection.ALL,
            new SyncRequest.Place.Cache(cache),
            false,
            false,
            false,
            0);
    return new Sync(settings, e -> {}, new ProgressBoard()).run(request).path();
  }

  private long left() throws Exception {
    try (Stream<Path> files = Files.list(temp)) {
      return files.count();
    }
  }

  @Test
  void theStoryIsASyncASecondOneForOneRequestAndACheck() throws Exception {
    try (Demo demo = new Demo(SIZE, temp, null)) {
      demo.run(DemoTest::sync, steps::add);
    }
    assertEquals(4, steps.size());
    DemoStep.HubReady hub = assertInstanceOf(DemoStep.HubReady.class, steps.get(0));
    DemoStep.Synced synced = assertInstanceOf(DemoStep.Synced.class, steps.get(1));
    assertEquals(hub.bytes(), synced.bytes());
    assertTrue(synced.requests() < 40, synced.toString());
    DemoStep.SyncedAgain again = assertInstanceOf(DemoStep.SyncedAgain.class, steps.get(2));
    assertEquals(1, again.requests());
    assertEquals(9, assertInstanceOf(DemoStep.Verified.class, steps.get(3)).files());
    assertEquals(0, left());
  }

  @Test
  void theCacheStaysWhenItIsToBeKept(@TempDir Path cache) throws Exception {
    Path snapshot;
    try (Demo demo = new Demo(SIZE, temp, cache)) {
      snapshot = demo.run(DemoTest::sync, steps::add);
    }
    assertTrue(snapshot.startsWith(cache) && Files.exists(snapshot.resolve("config.json")));
    assertEquals(0, left());
  }

  @Test
  void aFileThatIsNotTheHubsEndsTheStory() throws Exception {
    Demo.Client spoiler =
        (endpoint, repo, cache) -> {
          Path snapshot = sync(endpoint, repo, cache);
          spoil(snapshot.resolve("model-00002-of-00004.safetensors"));
          return snapshot;
        };
    try (Demo demo = new Demo(SIZE, temp, null)) {
      FailureException e =
          assertThrows(FailureException.class, () -> demo.run(spoiler, steps::add));
      assertInstanceOf(Failure.Integrity.class, e.failure());
      assertTrue(e.failure().where().endsWith("model-00002-of-00004.safetensors"));
    }
    assertEquals(0, left());
  }

  private static void spoil(Path file) {
    try (var channel =
        java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[] {42}), 100_000);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aSecondSyncThatIsNotFreeEndsTheStory() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Demo.Client forgetful =
        (endpoint, repo, cache) ->
            sync(endpoint, repo, cache.resolve("cache-" + runs.incrementAndGet()));
    try (Demo demo = new Demo(SIZE, temp, null)) {
      FailureException e =
          assertThrows(FailureException.class, () -> demo.run(forgetful, steps::add));
      assertTrue(e.getMessage().contains("second sync"), e.getMessage());
    }
    assertEquals(0, left());
  }

  @Test
  void aStopFromAnotherThreadLeavesNothing() throws Exception {
    Demo demo = new Demo(SIZE, temp, null);
    assertThrows(
        CancellationException.class,
        () ->
            demo.run(
                (endpoint, repo, cache) -> {
                  sync(endpoint, repo, cache);
                  CompletableFuture.runAsync(demo::close).join();
                  throw new CancellationException("stopped, as a sync is");
                },
                steps::add));
    assertEquals(0, left());
    assertThrows(CancellationException.class, () -> demo.run(DemoTest::sync, steps::add));
    assertEquals(0, left());
  }
}
