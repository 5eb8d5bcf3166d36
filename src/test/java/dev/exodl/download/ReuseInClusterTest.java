package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.emulator.HubRepo;
import dev.exodl.store.Link;
import dev.exodl.store.Reuse;
import dev.exodl.swarm.Linger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node finds on its host the whole cluster has. */
class ReuseInClusterTest {
  @RegisterExtension final ClusterStage stage = new ClusterStage();

  @Test
  void theHubSendsNothingOfWhatOneHostHas() throws Exception {
    HubRepo repo = stage.model(12 * MIB, 3);
    OtherStores stores = new OtherStores(stage.folder().resolve("stores"));
    for (String file : repo.head().files().keySet()) {
      stores.exo(repo, file);
    }
    stage.linger = new Linger.Forever();
    ClusterStage.Node first = stage.node();
    first.reuse = new Reuse(List.of(stores.exo()), Link.AUTO, Optional.empty());
    assertEquals(0, first.start(repo).await().bytesFetched());
    ClusterStage.Node second = stage.node();
    SyncResult other = second.start(repo).await();
    second.assertWhole(repo);
    assertEquals(0, stage.hub().log().fileBytesServed());
    assertEquals(repo.totalSize(), other.bytesFromPeers());
  }
}
