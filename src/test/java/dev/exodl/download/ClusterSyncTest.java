package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.ClusterKey;
import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.Host;
import dev.exodl.emulator.HubRepo;
import dev.exodl.hub.Token;
import dev.exodl.swarm.Linger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Syncs that are nodes of one cluster: real channels, a real hub, all in one process. */
class ClusterSyncTest {
  private static final long MIB = 1 << 20;

  @RegisterExtension final ClusterStage stage = new ClusterStage();

  private HubRepo model(long size, int files) {
    HubRepo repo = stage.hub().model("exo/model");
    Fixtures.safetensorsModel(repo, size, files);
    return repo;
  }

  @Test
  void threeNodesGetAllAndTheHubSendsItOnce() throws Exception {
    stage.waitFor = 3;
    HubRepo repo = model(48 * MIB, 3);
    List<ClusterStage.Node> nodes = stage.nodes(3);
    nodes.forEach(n -> n.start(repo));
    for (ClusterStage.Node node : nodes) {
      node.await(60);
      node.assertWhole(repo);
    }
    stage.assertOverTheWan(repo, 1.0001);
    for (ClusterStage.Node node : nodes) {
      node.left.get(20, TimeUnit.SECONDS);
      assertTrue(node.result.get().bytesFromPeers() > 0, "something came from peers");
    }
  }

  @Test
  void aNodeWithoutTheHubGetsAllFromTheOthers() throws IOException {
    stage.waitFor = 2;
    HubRepo repo = model(16 * MIB, 2);
    ClusterStage.Node far = stage.node();
    far.offline = true;
    far.start(repo);
    ClusterStage.Node near = stage.node().start(repo);
    near.await(60);
    SyncResult result = far.await(60);
    far.assertWhole(repo);
    assertEquals(result.bytesFetched(), result.bytesFromPeers());
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void theHubIsAskedWhatTheRevisionIsOnce() {
    stage.waitFor = 4;
    HubRepo repo = model(8 * MIB, 2);
    List<ClusterStage.Node> nodes = stage.nodes(4);
    nodes.forEach(n -> n.start(repo));
    nodes.forEach(n -> n.await(60));
    assertEquals(1, stage.hub().log().count(r -> r.path().contains("/revision/")));
    assertEquals(1, stage.hub().log().count(r -> r.path().contains("/tree/")));
  }

  @Test
  void theCoordinatorMayGoInTheMiddle() throws Exception {
    stage.waitFor = 4;
    HubRepo repo = model(64 * MIB, 2);
    stage.hub().settings().totalRate(12 * MIB);
    ClusterStage.Node first = stage.node().start(repo);
    Thread.sleep(300);
    List<ClusterStage.Node> others = stage.nodes(3);
    others.forEach(n -> n.start(repo));
    assertTrue(stage.hub().log().awaitFileBytes(20 * MIB, Duration.ofSeconds(30)));
    first.stop();
    for (ClusterStage.Node node : others) {
      node.await(60);
      node.assertWhole(repo);
    }
    stage.assertOverTheWan(repo, 1.2);
  }

  @Test
  void whoComesLateGetsAllFromTheOthers() throws Exception {
    stage.linger = new Linger.UntilComplete(Duration.ofSeconds(5));
    HubRepo repo = model(24 * MIB, 2);
    ClusterStage.Node early = stage.node().start(repo);
    early.await(60);
    ClusterStage.Node late = stage.node().start(repo);
    SyncResult result = late.await(60);
    late.assertWhole(repo);
    assertEquals(result.bytesFetched(), result.bytesFromPeers());
    stage.assertOverTheWan(repo, 1.0001);
    early.left.get(30, TimeUnit.SECONDS);
  }

  @Test
  void nodesMayWantDifferentFiles() throws IOException {
    stage.waitFor = 2;
    HubRepo repo = model(32 * MIB, 2);
    ClusterStage.Node all = stage.node();
    ClusterStage.Node part = stage.node();
    part.includes = List.of("*00001-of*");
    all.start(repo);
    part.start(repo);
    all.await(60);
    all.assertWhole(repo);
    assertEquals(1, part.await(60).files().size());
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void aRepoThatNotEverybodyMayReadIsNotSharedWithoutAKey() throws IOException {
    stage.waitFor = 2;
    HubRepo repo = model(4 * MIB, 1);
    stage.hub().token("hf_secret", "me");
    repo.makePrivate().allow("hf_secret");
    List<ClusterStage.Node> nodes = stage.nodes(2);
    for (ClusterStage.Node node : nodes) {
      node.hubSettings = node.hubSettings.withToken(new Token("hf_secret"));
      node.start(repo);
    }
    for (ClusterStage.Node node : nodes) {
      assertEquals(0, node.await(60).bytesFromPeers());
      assertTrue(node.log().contains("nothing is shared"), node.log());
    }
    assertTrue(stage.overTheWan(repo) > 1.99);
  }

  @Test
  void withAKeyItIsShared() throws IOException {
    Path file = stage.folder().resolve("key");
    ClusterKey.generate(file);
    stage.key = ClusterKey.load(file);
    stage.waitFor = 2;
    HubRepo repo = model(16 * MIB, 1);
    stage.hub().token("hf_secret", "me");
    repo.makePrivate().allow("hf_secret");
    List<ClusterStage.Node> nodes = stage.nodes(2);
    for (ClusterStage.Node node : nodes) {
      node.hubSettings = node.hubSettings.withToken(new Token("hf_secret"));
      node.start(repo);
    }
    for (ClusterStage.Node node : nodes) {
      node.await(60);
      node.assertWhole(repo);
    }
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void aCopyThatIsWrongOnANodesDiskIsFoundOutAndItsNodeShunned() throws Exception {
    HubRepo repo = model(24 * MIB, 1);
    stage.linger = new Linger.UntilComplete(Duration.ofSeconds(2));
    ClusterStage.Node liar = stage.node().start(repo);
    liar.await(60);
    liar.left.get(30, TimeUnit.SECONDS);
    Path weights = weights(liar.await(1).path());
    try (var out = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap("wrong".getBytes(StandardCharsets.US_ASCII)), 7 * MIB);
    }
    stage.linger = new Linger.Forever();
    ClusterStage.Node seed = stage.node(liar.cache).start(repo);
    seed.await(60);
    ClusterStage.Node node = stage.node().start(repo);
    node.await(60);
    node.assertWhole(repo);
    assertTrue(node.log().contains("shunned"), node.log());
  }

  private static Path weights(Path snapshot) throws IOException {
    try (Stream<Path> files = Files.list(snapshot)) {
      return files
          .filter(f -> f.toString().endsWith(".safetensors"))
          .findFirst()
          .orElseThrow()
          .toRealPath();
    }
  }

  @Test
  void allNodesTogetherKeepToTheClustersRate() {
    stage.waitFor = 3;
    stage.maxClusterRate = 6 * MIB;
    HubRepo repo = model(24 * MIB, 2);
    List<ClusterStage.Node> nodes = stage.nodes(3);
    long begin = System.nanoTime();
    nodes.forEach(n -> n.start(repo));
    nodes.forEach(n -> n.await(60));
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertTrue(seconds > 2.5, "24 MiB at 6 MiB/s took " + seconds + " s");
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void aHubThatWantsFewerRequestsIsLeftAloneByAll() throws IOException {
    stage.waitFor = 3;
    HubRepo repo = model(24 * MIB, 3);
    stage.hub().settings().resolverQuota(4, Duration.ofSeconds(2));
    List<ClusterStage.Node> nodes = stage.nodes(3);
    nodes.forEach(n -> n.start(repo));
    for (ClusterStage.Node node : nodes) {
      node.await(90);
      node.assertWhole(repo);
    }
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void theHubMayGoWhenAllIsInTheSwarm() throws Exception {
    HubRepo repo = model(24 * MIB, 2);
    stage.linger = new Linger.UntilComplete(Duration.ofSeconds(10));
    stage.node().start(repo).await(60);
    stage.hub().goAway(Host.HUB);
    stage.hub().goAway(Host.CDN);
    ClusterStage.Node late = stage.node().start(repo);
    late.await(60);
    late.assertWhole(repo);
  }
}
