package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.Bind;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.cluster.ClusterView;
import dev.exodl.cluster.Discovery;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmMessage;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final NodeId SELF = new NodeId("0".repeat(31) + "1");
  private static final NodeId OTHER = new NodeId("0".repeat(31) + "2");
  private static final long SECOND = 1_000_000_000L;

  private final Members members = new Members();
  private final Arrivals arrivals = arrivals(2);

  private Arrivals arrivals(int waitFor) {
    return new Arrivals(settings(waitFor), members, 100 * SECOND);
  }

  private static NodeSettings settings(int waitFor) {
    ClusterSettings cluster =
        new ClusterSettings(
            "test",
            new Bind(InetAddress.getLoopbackAddress(), 0, "of the test"),
            Discovery.multicast(),
            null);
    return new NodeSettings(
        cluster,
        false,
        "",
        Strategy.SWARM,
        0,
        0,
        waitFor,
        Duration.ofSeconds(5),
        new Linger.Never());
  }

  private void see(NodeId... nodes) {
    members.view(new ClusterView(List.of(nodes)));
  }

  private void card(int port) {
    members.card(OTHER, new SwarmMessage.Card("n", "127.0.0.1", port, "b", "", true, false));
  }

  @Test
  void whoServesNothingIsNotCounted() {
    see(SELF, OTHER);
    card(0);
    assertFalse(arrivals.enough());
    card(7872);
    assertTrue(arrivals.enough());
  }

  @Test
  void theTimeThatJoiningTookCounts() {
    assertEquals(105 * SECOND, arrivals.last(102 * SECOND));
    assertTrue(arrivals.last(110 * SECOND) > 110 * SECOND, "who was found is still heard");
    assertTrue(arrivals.last(110 * SECOND) < 111 * SECOND);
  }

  @Test
  void whoWasQuickAndLeftAgainWasHere() {
    see(SELF, OTHER);
    card(7872);
    members.leaving(OTHER);
    see(SELF);
    assertTrue(arrivals.enough(), "nobody looked while it was here");
  }

  @Test
  void itIsToldHowManyWereHereBefore() {
    Arrivals three = arrivals(3);
    see(SELF, OTHER);
    assertFalse(three.enough());
    assertEquals("1 of 3 nodes are here after 5 s", three.tooFew().failure().what());
    card(7872);
    assertFalse(three.enough());
    see(SELF);
    assertEquals(
        "1 of 3 nodes are here after 5 s (2 were before)", three.tooFew().failure().what());
  }
}
