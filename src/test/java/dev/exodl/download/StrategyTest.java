package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.plan.swarm.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who fetches from the hub, as the user of a node wants it; and several repos at once. */
class StrategyTest {
  private static final int MIB = 1 << 20;

  @RegisterExtension final ClusterStage stage = new ClusterStage();

  private HubRepo model() {
    HubRepo repo = stage.model(24 * MIB, 2);
    stage.hub().settings().totalRate(12 * MIB);
    return repo;
  }

  /** A server that coordinates, with nothing in its cache; {@code work} is done meanwhile. */
  private void whileServing(Work work) throws Exception {
    ClusterStage.Node server = stage.node();
    List<Boolean> ready = new ArrayList<>();
    Serve serve =
        new Serve(
            new SyncSettings(server.hubSettings, FetchLimits.DEFAULT, false),
            stage.settings(""),
            e -> {},
            serving -> {
              synchronized (ready) {
                ready.add(true);
              }
            });
    Thread thread =
        Thread.ofPlatform().start(() -> serve.run(new ServeRequest(server.cache, false)));
    try {
      ClusterStage.await(
          () -> {
            synchronized (ready) {
              return !ready.isEmpty();
            }
          },
          () -> "it does not serve");
      work.run();
    } finally {
      serve.stop();
      thread.join();
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  private void assertOneLeads(HubRepo repo, ClusterStage.Node leader, ClusterStage.Node other)
      throws Exception {
    leader.start(repo);
    stage.awaitSent(MIB);
    other.start(repo);
    stage.awaitWhole(repo, List.of(leader, other));
    assertEquals(0, other.fromHub());
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void oneLeaderAsksTheHubForContent() throws Exception {
    HubRepo repo = model();
    stage.strategy = Strategy.LEADER;
    assertOneLeads(repo, stage.node(), stage.node());
  }

  @Test
  void alsoWhenAServerCoordinates() throws Exception {
    HubRepo repo = model();
    whileServing(
        () -> {
          stage.strategy = Strategy.LEADER;
          assertOneLeads(repo, stage.node(), stage.node());
        });
  }

  @Test
  void eachNodesOwnWishCounts() throws Exception {
    HubRepo repo = model();
    stage.strategy = Strategy.LEADER;
    ClusterStage.Node oldest = stage.node().start(repo);
    stage.awaitSent(MIB);
    stage.strategy = Strategy.SWARM;
    ClusterStage.Node other = stage.node().start(repo);
    stage.awaitWhole(repo, List.of(oldest, other));
    assertTrue(other.fromHub() > 0, other.log());
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void whoIsIndependentFetchesAllItself() throws Exception {
    HubRepo repo = model();
    stage.strategy = Strategy.INDEPENDENT;
    assertEachFetchesAll(repo);
  }

  @Test
  void togetherTheyKeepToTheClustersRate() throws Exception {
    HubRepo repo = stage.hub().model("exo/model");
    Fixtures.safetensorsModel(repo, 6 * MIB, 1);
    stage.strategy = Strategy.INDEPENDENT;
    stage.maxClusterRate = 6 * MIB;
    List<ClusterStage.Node> nodes = stage.together(3);
    long begin = System.nanoTime();
    nodes.forEach(n -> n.start(repo));
    nodes.forEach(ClusterStage.Node::await);
    double seconds = (System.nanoTime() - begin) / 1e9;
    // Who is ready first leaves, and the others may take its part; nobody waits for the last bytes.
    assertTrue(seconds > 2, "18 MiB at 6 MiB/s took " + seconds + " s");
  }

  @Test
  void alsoBesideAServer() throws Exception {
    HubRepo repo = model();
    whileServing(
        () -> {
          stage.strategy = Strategy.INDEPENDENT;
          assertEachFetchesAll(repo);
        });
  }

  private void assertEachFetchesAll(HubRepo repo) throws Exception {
    List<ClusterStage.Node> nodes = stage.together(2);
    stage.waitFor = 1;
    stage.sync(repo, nodes);
    for (ClusterStage.Node node : nodes) {
      assertTrue(node.fromHub() >= repo.totalSize(), node.log());
      assertEquals(0, node.await().bytesFromPeers());
    }
  }

  @Test
  void twoReposAtOnceComeOnceEach() throws Exception {
    HubRepo one = model();
    HubRepo other = stage.hub().model("exo/other");
    other.lfs("weights.bin", RepoContent.random(7, 20L * MIB)).commit("first");
    List<ClusterStage.Node> nodes = stage.together(4);
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).start(i % 2 == 0 ? one : other);
    }
    for (int i = 0; i < nodes.size(); i++) {
      nodes.get(i).assertWhole(i % 2 == 0 ? one : other);
      assertTrue(nodes.get(i).await().bytesFromPeers() > 0, nodes.get(i).log());
    }
    assertEquals(one.totalSize(), sent(f -> !f.equals("weights.bin")));
    assertEquals(other.totalSize(), sent(f -> f.equals("weights.bin")));
  }

  private long sent(Predicate<String> file) {
    return stage
        .hub()
        .log()
        .bytesServed(r -> ClusterStage.isFile(r) && file.test(String.valueOf(r.file())));
  }
}
