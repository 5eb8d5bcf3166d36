package dev.exodl.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.ProgressBoard;
import dev.exodl.download.Sync;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
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
import java.util.Set;
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

  /** The product's own sync, one after the other: who meets whom is no matter of the story. */
  private static List<Demo.Fetched> sync(
      URI endpoint, String repo, List<Path> caches, Path meeting) {
    return caches.stream().map(cache -> sync(endpoint, repo, cache)).toList();
  }

  private static Demo.Fetched sync(URI endpoint, String repo, Path cache) {
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
    SyncResult done = new Sync(settings, e -> {}, new ProgressBoard()).run(request);
    return new Demo.Fetched(done.path(), done.bytesFetched(), 0, done.took());
  }

  private long left() throws Exception {
    try (Stream<Path> files = Files.list(temp)) {
      return files.count();
    }
  }

  @Test
  void theStoryIsASyncASecondOneForOneRequestAndACheck() throws Exception {
    try (Demo demo = new Demo(SIZE, 1, temp, null)) {
      demo.run(DemoTest::sync, steps::add);
    }
    assertEquals(5, steps.size());
    DemoStep.HubReady hub = assertInstanceOf(DemoStep.HubReady.class, steps.get(0));
    assertEquals(new DemoStep.NodesBegin(1), steps.get(1));
    DemoStep.Synced synced = assertInstanceOf(DemoStep.Synced.class, steps.get(2));
    assertEquals(hub.bytes(), synced.bytes());
    assertTrue(synced.requests() < 40, synced.toString());
    DemoStep.SyncedAgain again = assertInstanceOf(DemoStep.SyncedAgain.class, steps.get(3));
    assertEquals(1, again.requests());
    assertEquals(9, assertInstanceOf(DemoStep.Verified.class, steps.get(4)).files());
    assertEquals(0, left());
  }

  @Test
  void everyNodeHasACacheOfItsOwnOnlyTheFirstSyncsAgainAndAllAreChecked() throws Exception {
    List<List<Path>> asked = new ArrayList<>();
    Demo.Client client =
        (endpoint, repo, caches, meeting) -> {
          asked.add(caches);
          assertTrue(meeting.startsWith(temp), meeting.toString());
          return sync(endpoint, repo, caches, meeting);
        };
    try (Demo demo = new Demo(SIZE, 3, temp, null)) {
      demo.run(client, steps::add);
    }
    assertEquals(3, Set.copyOf(asked.get(0)).size());
    assertEquals(asked.get(0).subList(0, 1), asked.get(1));
    DemoStep.HubReady hub = assertInstanceOf(DemoStep.HubReady.class, steps.get(0));
    DemoStep.Synced synced = assertInstanceOf(DemoStep.Synced.class, steps.get(2));
    assertEquals(3, synced.nodes().size());
    assertEquals(3 * hub.bytes(), synced.bytes());
    DemoStep.Verified verified = assertInstanceOf(DemoStep.Verified.class, steps.get(4));
    assertEquals(3, verified.nodes());
    assertEquals(3 * hub.bytes(), verified.bytes());
    assertEquals(0, left());
  }

  @Test
  void whereTheDiskHasNoRoomForAllNodesNothingIsBegun() throws Exception {
    long free = Files.getFileStore(temp).getUsableSpace();
    try (Demo demo = new Demo(free / 2, 3, temp, null)) {
      FailureException e =
          assertThrows(
              FailureException.class,
              () -> demo.run((endpoint, repo, caches, meeting) -> List.of(), steps::add));
      assertInstanceOf(Failure.Storage.class, e.failure());
    }
    assertEquals(List.of(), steps);
    assertEquals(0, left());
  }

  @Test
  void theCacheStaysWhenItIsToBeKept(@TempDir Path cache) throws Exception {
    Path snapshot;
    try (Demo demo = new Demo(SIZE, 1, temp, cache)) {
      snapshot = demo.run(DemoTest::sync, steps::add);
    }
    assertTrue(snapshot.startsWith(cache) && Files.exists(snapshot.resolve("config.json")));
    assertEquals(0, left());
  }

  @Test
  void aFileThatIsNotTheHubsEndsTheStory() throws Exception {
    Demo.Client spoiler =
        (endpoint, repo, caches, meeting) -> {
          List<Demo.Fetched> done = sync(endpoint, repo, caches, meeting);
          spoil(done.getLast().snapshot().resolve("model-00002-of-00004.safetensors"));
          return done;
        };
    try (Demo demo = new Demo(SIZE, 2, temp, null)) {
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
        (endpoint, repo, caches, meeting) ->
            List.of(
                sync(endpoint, repo, caches.getFirst().resolve("cache-" + runs.incrementAndGet())));
    try (Demo demo = new Demo(SIZE, 1, temp, null)) {
      FailureException e =
          assertThrows(FailureException.class, () -> demo.run(forgetful, steps::add));
      assertTrue(e.getMessage().contains("second sync"), e.getMessage());
    }
    assertEquals(0, left());
  }

  @Test
  void aStopFromAnotherThreadLeavesNothing() throws Exception {
    Demo demo = new Demo(SIZE, 1, temp, null);
    assertThrows(
        CancellationException.class,
        () ->
            demo.run(
                (endpoint, repo, caches, meeting) -> {
                  sync(endpoint, repo, caches, meeting);
                  CompletableFuture.runAsync(demo::close).join();
                  throw new CancellationException("stopped, as a sync is");
                },
                steps::add));
    assertEquals(0, left());
    assertThrows(CancellationException.class, () -> demo.run(DemoTest::sync, steps::add));
    assertEquals(0, left());
  }
}
