package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.Bind;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.cluster.ClusterView;
import dev.exodl.cluster.Discovery;
import dev.exodl.model.NodeId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AloneTest {
  private static final NodeId SELF = new NodeId("0".repeat(31) + "1");
  private static final NodeId OTHER = new NodeId("0".repeat(31) + "2");

  private final Members members = new Members();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();

  private Alone alone(Discovery discovery) {
    Bind bind = new Bind(InetAddress.getLoopbackAddress(), 0, "of the test");
    return new Alone(new ClusterSettings("lab", bind, discovery, null), members, closed);
  }

  @Test
  void whoIsAloneIsToldOnceWhatWasTriedAndWhatIsWrong() throws Exception {
    members.view(new ClusterView(List.of(SELF)));
    alone(Discovery.peers("nosuch.invalid")).tell(Duration.ZERO, told::add);
    String text = String.valueOf(told.poll(30, TimeUnit.SECONDS));
    assertTrue(
        text.startsWith(
            "no other node of cluster 'lab' is found by peers nosuch.invalid (the name nosuch.invalid"),
        text);
    assertTrue(text.contains("--peers"), text);
    assertNull(told.poll());
  }

  @Test
  void whatIsWellIsNotTold() {
    assertEquals(
        "no other node of cluster 'lab' is found by peers 127.0.0.1: this node is alone until one"
            + " joins;",
        alone(Discovery.peers("127.0.0.1")).text().replaceFirst("; see .*", ";"));
  }

  @Test
  void whoMetAnotherOneOrLeftIsNotTold() throws Exception {
    members.view(new ClusterView(List.of(SELF, OTHER)));
    members.view(new ClusterView(List.of(SELF)));
    alone(Discovery.multicast()).tell(Duration.ZERO, told::add);
    assertNull(told.poll(300, TimeUnit.MILLISECONDS));
    closed.countDown();
    new Alone(alone(Discovery.multicast()).settings(), new Members(), closed)
        .tell(Duration.ZERO, told::add);
    assertNull(told.poll(300, TimeUnit.MILLISECONDS));
  }
}
