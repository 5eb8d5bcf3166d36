package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.store.Caches;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.Serving;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a cache that is only read holds the whole cluster has. */
class TiersInClusterTest {
  @RegisterExtension final ClusterStage stage = new ClusterStage();

  /** A node whose snapshot is in a tier, and stays there. */
  private ClusterStage.Node withTier(HubRepo repo) throws Exception {
    Path tier = stage.folder().resolve("tier");
    ClusterStage.Node filling = stage.node(tier);
    filling.start(repo).await();
    filling.stop();
    filling.awaitLeft();
    stage.hub().log().clear();
    stage.linger = new Linger.Forever();
    ClusterStage.Node node = stage.node(stage.folder().resolve("own"));
    node.caches = new Caches(node.cache, List.of(tier), Optional.empty());
    return node;
  }

  @Test
  void theHubSendsNothingOfWhatATierHas() throws Exception {
    HubRepo repo = stage.model(12 * MIB, 3);
    ClusterStage.Node first = withTier(repo);
    Path tier = stage.folder().resolve("tier");
    Map<String, String> before = SyncStage.tree(tier);
    assertTrue(first.start(repo).await().path().startsWith(tier));
    ClusterStage.Node second = stage.node();
    SyncResult other = second.start(repo).await();
    second.assertWhole(repo);
    assertEquals(0, stage.hub().log().fileBytesServed());
    assertEquals(repo.totalSize(), other.bytesFromPeers());
    assertEquals(before, SyncStage.tree(tier));
    assertEquals(Map.of(), SyncStage.tree(first.cache));
  }

  @Test
  void aTierThatGoesWhileItIsServedIsSurvived() throws Exception {
    HubRepo repo = stage.model(24 * MIB, 6);
    stage.maxLanRate = 8 * MIB;
    ClusterStage.Node first = withTier(repo);
    first.start(repo).await();
    ClusterStage.Node second = stage.node();
    second.start(repo);
    ClusterStage.await(() -> second.board.fromPeers() > MIB, second::log);
    Files.move(stage.folder().resolve("tier"), stage.folder().resolve("gone"));
    SyncResult result = second.await();
    second.assertWhole(repo);
    assertTrue(result.bytesFromPeers() > MIB, result.toString());
    assertTrue(stage.hub().log().fileBytesServed() > 0, second.log());
    assertTrue(second.board.fromPeers() < repo.totalSize(), second.log());
  }

  private void fill(HubRepo repo, Path cache, String... patterns) {
    var settings =
        new SyncSettings(HubSettings.of(URI.create(stage.hub().url())), FetchLimits.DEFAULT, false);
    new Sync(settings, e -> {}, new ProgressBoard())
        .run(Asking.of(repo, cache).include(patterns).request());
  }

  @Test
  void serveSharesWhatAllHoldAndATierThatGoesIsSurvived() throws Exception {
    HubRepo repo = stage.model(12 * MIB, 3);
    Path tier = stage.folder().resolve("tier");
    Path own = stage.folder().resolve("own");
    fill(repo, tier, "*-00001-of-*", "*-00002-of-*");
    fill(repo, own, "*-00003-of-*", "*.json", "*.model", "*.txt", "*.md", ".git*");
    stage.hub().log().clear();
    CompletableFuture<Serving> ready = new CompletableFuture<>();
    Serve serve =
        new Serve(
            new SyncSettings(
                HubSettings.of(URI.create(stage.hub().url())), FetchLimits.DEFAULT, false),
            stage.settings(""),
            e -> {},
            ready::complete);
    Caches caches = new Caches(own, List.of(tier), Optional.empty());
    Thread serving = Thread.ofPlatform().start(() -> serve.run(new ServeRequest(caches, false)));
    try {
      // It is whole in no one of them.
      assertEquals(repo.totalSize(), ready.get(60, TimeUnit.SECONDS).bytes());
      ClusterStage.Node node = stage.node();
      node.start(repo).await();
      node.assertWhole(repo);
      node.stop();
      node.awaitLeft();
      assertEquals(0, stage.hub().log().fileBytesServed());
      Files.move(tier, stage.folder().resolve("gone"));
      ClusterStage.Node late = stage.node();
      late.start(repo).await();
      late.assertWhole(repo);
      assertTrue(late.board.fromPeers() > 0, late.log());
      assertTrue(stage.hub().log().fileBytesServed() >= 8 * MIB, late.log());
    } finally {
      serve.stop();
      serving.join();
    }
  }
}
