package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubRepo;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
}
