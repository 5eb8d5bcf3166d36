package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.Wires;
import dev.exodl.emulator.Host;
import dev.exodl.emulator.HubRepo;
import dev.exodl.hub.Token;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.swarm.Inside;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.SwarmNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Syncs that are nodes of one cluster: real channels, a real hub, all in one process. */
class ClusterSyncTest {
  private static final long MIB = 1 << 20;

  @RegisterExtension final ClusterStage stage = new ClusterStage();

  @Test
  void threeNodesGetAllAndTheHubSendsItOnce() throws Exception {
    HubRepo repo = stage.model(48 * MIB, 3);
    List<ClusterStage.Node> nodes = stage.together(3);
    stage.sync(repo, nodes);
    stage.assertOverTheWan(repo, 1.0001);
    for (ClusterStage.Node node : nodes) {
      node.awaitLeft();
      assertTrue(node.result.get().bytesFromPeers() > 0, "something came from peers");
    }
  }

  @Test
  void aNodeThatFindsNobodyIsWarnedAndOneThatWasFoundIsNot() throws Exception {
    HubRepo repo = stage.model(MIB, 1);
    stage.linger = new Linger.Forever();
    ClusterStage.Node alone = stage.node().start(repo);
    ClusterStage.await(() -> isWarnedOfBeingAlone(alone), alone::log);
    assertTrue(alone.await().bytesFetched() > 0, "it goes on");
    stage.linger = new Linger.UntilComplete(Duration.ofSeconds(4));
    ClusterStage.Node second = stage.node().start(repo);
    second.awaitLeft();
    assertFalse(isWarnedOfBeingAlone(second), second::log);
  }

  private static boolean isWarnedOfBeingAlone(ClusterStage.Node node) {
    return node.events.stream()
        .anyMatch(
            e ->
                e instanceof SyncEvent.Warning(String text)
                    && text.startsWith("no other node of cluster 'test' is found by folder "));
  }

  @Test
  void aNodeWithoutTheHubGetsAllFromTheOthers() throws IOException {
    HubRepo repo = stage.model(16 * MIB, 2);
    List<ClusterStage.Node> nodes = stage.together(2);
    ClusterStage.Node far = nodes.getFirst();
    far.offline = true;
    stage.sync(repo, nodes);
    SyncResult result = far.await();
    assertEquals(result.bytesFetched(), result.bytesFromPeers());
    assertTrue(result.offline());
    assertFalse(nodes.getLast().await().offline());
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void whoIsToAskNeitherTheHubNorOthersHasOnlyWhatIsHere() throws Exception {
    HubRepo repo = stage.model(8 * MIB, 1);
    List<ClusterStage.Node> nodes = stage.together(2);
    nodes.getFirst().start(repo).awaitJoined();
    stage.strategy = Strategy.INDEPENDENT;
    ClusterStage.Node far = nodes.getLast();
    far.offline = true;
    far.start(repo);
    ClusterStage.await(far.result::isDone, far::log);
    FailureException e =
        assertInstanceOf(FailureException.class, far.result.handle((r, t) -> t).get());
    assertInstanceOf(Failure.Partial.class, e.failure());
    assertEquals(0, stage.hub().log().count(far::isMine));
  }

  @Test
  void theHubIsAskedWhatTheRevisionIsOnce() throws IOException {
    HubRepo repo = stage.model(8 * MIB, 2);
    stage.sync(repo, stage.together(4));
    assertEquals(1, stage.hub().log().count(r -> r.path().contains("/revision/")));
    assertEquals(1, stage.hub().log().count(r -> r.path().contains("/tree/")));
  }

  @Test
  void theCoordinatorMayGoInTheMiddle() throws Exception {
    HubRepo repo = stage.model(64 * MIB, 2);
    stage.hub().settings().totalRate(12 * MIB);
    List<ClusterStage.Node> nodes = stage.started(repo, 4);
    stage.awaitSent(20 * MIB);
    nodes.getFirst().stop();
    stage.awaitWhole(repo, nodes.subList(1, 4));
    stage.assertOverTheWan(repo, 1.2);
  }

  /** The seed has no cap: it is who takes that keeps to its own. */
  @Test
  void whoTakesKeepsToItsOwnLanRate() throws Exception {
    stage.linger = new Linger.Forever();
    HubRepo repo = stage.model(16 * MIB, 1);
    stage.sync(repo, List.of(stage.node()));
    stage.maxLanRate = 4 * MIB;
    ClusterStage.Node capped = stage.node();
    capped.offline = true;
    stage.sync(repo, List.of(capped));
    SyncResult result = capped.await();
    assertTrue(result.bytesFromPeers() >= 16 * MIB, "all of it came by the LAN");
    assertTrue(result.took().toMillis() >= 3500, "too fast: " + result.took());
  }

  /** All that goes through the nodes' channels, while they ask the hub with a token. */
  @Test
  void noMessageHoldsTheToken() throws Exception {
    stage.makeKey();
    HubRepo repo = stage.model(16 * MIB, 1);
    List<ClusterStage.Node> nodes = stage.together(3);
    makePrivate(repo, nodes);
    Queue<byte[]> messages = new ConcurrentLinkedQueue<>();
    for (ClusterStage.Node node : nodes.subList(0, 2)) {
      node.start(repo);
      Wires.record(node.channel(), messages);
    }
    // They begin when the third one is here.
    stage.sync(repo, nodes.subList(2, 3));
    stage.awaitWhole(repo, nodes);
    assertTrue(stage.hub().log().count(r -> r.authorization() != null) > 0, "it is used");
    List<String> said =
        messages.stream().map(m -> new String(m, StandardCharsets.ISO_8859_1)).toList();
    String name = Asking.of(repo, nodes.getFirst().cache).request().repo().id();
    assertTrue(said.stream().anyMatch(m -> m.contains(name)), "they speak of the repo");
    assertTrue(said.stream().noneMatch(m -> m.contains("hf_secret")));
  }

  @Test
  void whoComesLateGetsAllFromTheOthers() throws Exception {
    stage.linger = new Linger.UntilComplete(Duration.ofSeconds(5));
    HubRepo repo = stage.model(24 * MIB, 2);
    ClusterStage.Node early = stage.node();
    stage.sync(repo, List.of(early));
    ClusterStage.Node late = stage.node();
    stage.sync(repo, List.of(late));
    SyncResult result = late.await();
    assertEquals(result.bytesFetched(), result.bytesFromPeers());
    stage.assertOverTheWan(repo, 1.0001);
    assertTrue(early.lingers && late.lingers);
    early.awaitLeft();
  }

  @Test
  void nodesMayWantDifferentFiles() throws IOException {
    HubRepo repo = stage.model(32 * MIB, 2);
    List<ClusterStage.Node> nodes = stage.together(2);
    ClusterStage.Node part = nodes.getLast();
    part.includes = List.of("*00001-of*");
    part.start(repo);
    stage.sync(repo, nodes.subList(0, 1));
    assertEquals(1, part.await().files().size());
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void aRepoThatNotEverybodyMayReadIsNotSharedWithoutAKey() throws IOException {
    HubRepo repo = stage.model(4 * MIB, 1);
    List<ClusterStage.Node> nodes = stage.together(2);
    makePrivate(repo, nodes);
    stage.sync(repo, nodes);
    for (ClusterStage.Node node : nodes) {
      assertEquals(0, node.await().bytesFromPeers());
      assertTrue(node.log().contains("nothing is shared"), node.log());
      assertFalse(node.lingers, "nobody is served");
    }
    assertTrue(stage.overTheWan(repo) > 1.99);
  }

  @Test
  void withAKeyItIsShared() throws IOException {
    stage.makeKey();
    HubRepo repo = stage.model(16 * MIB, 1);
    List<ClusterStage.Node> nodes = stage.together(2);
    makePrivate(repo, nodes);
    stage.sync(repo, nodes);
    stage.assertOverTheWan(repo, 1.0001);
  }

  /** These nodes alone may read the repo. */
  private void makePrivate(HubRepo repo, List<ClusterStage.Node> nodes) {
    stage.hub().token("hf_secret", "me");
    repo.makePrivate().allow("hf_secret");
    nodes.forEach(n -> n.hubSettings = n.hubSettings.withToken(new Token("hf_secret")));
  }

  @Test
  void aCopyThatIsWrongOnANodesDiskIsFoundOutAndItsNodeShunned() throws Exception {
    HubRepo repo = stage.model(24 * MIB, 1);
    stage.linger = new Linger.UntilComplete(Duration.ofSeconds(2));
    ClusterStage.Node liar = stage.node();
    stage.sync(repo, List.of(liar));
    liar.awaitLeft();
    Path weights = weights(liar.await().path());
    try (var out = FileChannel.open(weights, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap("wrong".getBytes(StandardCharsets.US_ASCII)), 7 * MIB);
    }
    stage.linger = new Linger.Forever();
    stage.node(liar.cache).start(repo).await();
    ClusterStage.Node node = stage.node();
    stage.sync(repo, List.of(node));
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
    stage.maxClusterRate = 6 * MIB;
    HubRepo repo = stage.model(24 * MIB, 2);
    List<ClusterStage.Node> nodes = stage.together(3);
    long begin = System.nanoTime();
    nodes.forEach(n -> n.start(repo));
    nodes.forEach(ClusterStage.Node::await);
    double seconds = (System.nanoTime() - begin) / 1e9;
    // A tenth of a second may come at once, and the end of the last chunk is not waited for.
    assertTrue(seconds > 3.6, "24 MiB at 6 MiB/s took " + seconds + " s");
    // In the end one of the 24 chunks may be taken over just when its node begins with it.
    stage.assertOverTheWan(repo, 1.09);
  }

  @Test
  void aHubThatWantsFewerRequestsIsLeftAloneByAll() throws IOException {
    HubRepo repo = stage.model(24 * MIB, 3);
    stage.hub().settings().resolverQuota(4, Duration.ofSeconds(2));
    stage.sync(repo, stage.together(3));
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void theHubMayGoWhenAllIsInTheSwarm() throws Exception {
    HubRepo repo = stage.model(24 * MIB, 2);
    stage.linger = new Linger.UntilComplete(Duration.ofSeconds(10));
    stage.sync(repo, stage.nodes(1));
    stage.hub().goAway(Host.HUB);
    stage.hub().goAway(Host.CDN);
    stage.sync(repo, stage.nodes(1));
  }

  @Test
  void whoWaitsForAnotherProcessKeepsNoLeases() throws Exception {
    HubRepo repo = stage.model(24 * MIB, 3);
    stage.hub().settings().totalRate(3 * MIB);
    ClusterStage.Node first = stage.node();
    first.start(repo);
    stage.awaitSent(2 * MIB);
    ClusterStage.Node second = stage.node(first.cache);
    second.start(repo);
    ClusterStage.await(() -> waits(second) == 3, second::log);
    SwarmNode inside = second.awaitJoined();
    int samples = 0;
    while (!first.result.isDone()) {
      samples = Inside.hasLeases(inside) ? samples + 1 : 0;
      assertTrue(samples < 400, "it keeps leases of what the other one fetches");
      Thread.sleep(5);
    }
    stage.awaitWhole(repo, List.of(first, second));
    stage.assertOverTheWan(repo, 1.0001);
  }

  private static long waits(ClusterStage.Node node) {
    return node.events.stream()
        .filter(SyncEvent.WaitingForLock.class::isInstance)
        .map(e -> ((SyncEvent.WaitingForLock) e).file())
        .distinct()
        .count();
  }

  @Test
  void aDryRunIsNobodyToWaitForAndTellsWhatWouldBe() throws Exception {
    HubRepo repo = stage.model(8 * MIB, 2);
    List<ClusterStage.Node> nodes = stage.together(2);
    ClusterStage.Node waiting = nodes.getFirst().start(repo);
    waiting.awaitJoined();
    ClusterStage.Node dry = stage.node();
    dry.dryRun = true;
    SyncResult before = dry.start(repo).await();
    assertEquals(repo.totalSize(), before.bytesFetched());
    assertEquals(0, before.bytesFromPeers());
    assertFalse(waiting.isListed(), "it began because of a dry run");
    stage.linger = new Linger.Forever();
    stage.sync(repo, nodes.subList(1, 2));
    waiting.assertWhole(repo);
    ClusterStage.Node again = stage.node();
    again.dryRun = true;
    SyncResult after = again.start(repo).await();
    assertEquals(repo.totalSize(), after.bytesFetched());
    assertEquals(after.bytesFetched(), after.bytesFromPeers());
  }

  @Test
  void thatNobodyHoldsTheRestIsToldSoon() throws Exception {
    HubRepo repo = stage.model(8 * MIB, 1);
    stage.hub().goAway(Host.CDN);
    ClusterStage.Node node = stage.node().start(repo);
    ClusterStage.await(
        () -> node.log().contains("no node of the cluster holds the rest"), node::log);
    assertFalse(node.result.isDone(), "it was told while there was hope");
  }
}
