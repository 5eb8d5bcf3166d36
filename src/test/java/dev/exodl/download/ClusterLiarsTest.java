package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.swarm.Inside;
import dev.exodl.swarm.Linger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Syncs beside a node that says it has all and does not give it, while the hub is there. */
class ClusterLiarsTest {
  private static final long MIB = 1 << 20;

  @RegisterExtension final ClusterStage stage = new ClusterStage();

  private HubRepo model() {
    return stage.model(24 * MIB, 4);
  }

  /** A node that coordinates and has all, as one has that only serves; and one that asks it. */
  private ClusterStage.Node besideOneThatHasAll(HubRepo repo, FalsePeer instead) throws Exception {
    ClusterStage.Node first = stage.node();
    stage.sync(repo, List.of(first));
    first.awaitLeft();
    stage.linger = new Linger.Forever();
    ClusterStage.Node holder = stage.node(first.cache).start(repo);
    holder.await();
    stage.linger = new Linger.UntilComplete(Duration.ofMillis(300));
    stage.maxLanRate = 6 * MIB;
    ClusterStage.Node node = stage.node().start(repo);
    Inside.redirect(node.awaitJoined(), holder.channel().self(), instead.port());
    assertTrue(holder.coordinates());
    return node;
  }

  @Test
  void theOnlyOtherNodeIsTheLiarAndCoordinates() throws Exception {
    HubRepo repo = model();
    try (FalsePeer liar = new FalsePeer(FalsePeer.ZEROS)) {
      ClusterStage.Node node = besideOneThatHasAll(repo, liar);
      node.assertWhole(repo);
      assertTrue(liar.asked() > 0, "it was asked");
      assertTrue(node.log().contains("shunned"), node.log());
    }
  }

  @Test
  void theOnlyOtherNodeDrips() throws Exception {
    assertWholeBeside(FalsePeer.DRIPS);
  }

  @Test
  void theOnlyOtherNodeDripsFromTheFirstByteOfItsAnswer() throws Exception {
    assertWholeBeside(FalsePeer.DRIPS_AT_ONCE);
  }

  private void assertWholeBeside(FalsePeer.Answer answer) throws Exception {
    HubRepo repo = model();
    try (FalsePeer drips = new FalsePeer(answer)) {
      ClusterStage.Node node = besideOneThatHasAll(repo, drips);
      node.assertWhole(repo);
      assertTrue(drips.asked() > 0, "it was asked");
    }
  }
}
