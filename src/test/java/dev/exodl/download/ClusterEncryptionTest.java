package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.swarm.Linger;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that send and take chunks by TLS only, alone and with others that do not. */
class ClusterEncryptionTest {
  private static final long MIB = 1 << 20;
  private static final String WARNING = "does not encrypt: no chunk is taken from it";

  @RegisterExtension final ClusterStage stage = new ClusterStage();

  @BeforeEach
  void key() {
    stage.makeKey();
  }

  private ClusterStage.Node start(HubRepo repo, boolean encrypt) {
    stage.encrypt = encrypt;
    return stage.node().start(repo);
  }

  @Test
  void nodesThatAllEncryptGetAllAndTheHubSendsItOnce() throws Exception {
    stage.waitFor = 3;
    HubRepo repo = stage.model(48 * MIB, 3);
    List<ClusterStage.Node> nodes =
        List.of(start(repo, true), start(repo, true), start(repo, true));
    for (ClusterStage.Node node : nodes) {
      assertTrue(node.await().bytesFromPeers() > 0, "something came from peers");
      node.assertWhole(repo);
      assertFalse(node.log().contains(WARNING), node.log());
    }
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void whoEncryptsTakesNothingFromWhoDoesNot() throws IOException {
    stage.linger = new Linger.Forever();
    HubRepo repo = stage.model(32 * MIB, 2);
    start(repo, false).await();
    long began = System.nanoTime();
    ClusterStage.Node careful = start(repo, true);
    assertEquals(0, careful.await().bytesFromPeers());
    // It does not wait for the other one to give what it holds.
    assertTrue(System.nanoTime() - began < Duration.ofSeconds(14).toNanos());
    careful.assertWhole(repo);
    assertEquals(1, careful.log().lines().filter(l -> l.contains(WARNING)).count(), careful.log());
    assertTrue(stage.overTheWan(repo) > 1.99);
  }

  @Test
  void whoDoesNotEncryptTakesFromWhoDoes() throws IOException {
    stage.linger = new Linger.Forever();
    HubRepo repo = stage.model(32 * MIB, 2);
    start(repo, true).await();
    ClusterStage.Node plain = start(repo, false);
    SyncResult result = plain.await();
    plain.assertWhole(repo);
    assertEquals(result.bytesFetched(), result.bytesFromPeers());
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void bothKindsTogetherGetAll() throws IOException {
    stage.waitFor = 4;
    HubRepo repo = stage.model(48 * MIB, 3);
    stage.hub().settings().totalRate(24 * MIB);
    List<ClusterStage.Node> nodes =
        List.of(start(repo, false), start(repo, true), start(repo, false), start(repo, true));
    for (ClusterStage.Node node : nodes) {
      node.await();
      node.assertWhole(repo);
      assertTrue(node.result.join().bytesFromPeers() > 0, "something came from peers");
    }
    // What those have that do not encrypt comes once more for the others.
    stage.assertOverTheWan(repo, 2.0001);
  }
}
