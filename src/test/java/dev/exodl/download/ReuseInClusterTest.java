package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.emulator.HubRepo;
import dev.exodl.store.Link;
import dev.exodl.store.Reuse;
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
    List<ClusterStage.Node> nodes = stage.together(2);
    nodes.getFirst().reuse = new Reuse(List.of(stores.exo()), Link.AUTO, Optional.empty());
    stage.sync(repo, nodes);
    assertEquals(0, stage.hub().log().fileBytesServed());
    assertEquals(0, nodes.getFirst().await().bytesFetched());
    SyncResult other = nodes.getLast().await();
    assertEquals(other.bytesFetched(), other.bytesFromPeers());
  }
}
