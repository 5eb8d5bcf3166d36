package dev.exodl.plan;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmBlobs;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeersTest {
  private static final long MIB = 1 << 20;

  /** One of so many peers, that brought so many bytes in a second. */
  private static long runBytes(int count, long bytesPerSecond) {
    Peers peers = new Peers(new HaveMaps(new SwarmBlobs(Swarms.model(1, MIB))), new Random(1));
    for (int i = 1; i <= count; i++) {
      peers.put(node(i), Nearness.ZONE);
    }
    Peers.Peer peer = peers.get(node(1));
    peers.opened(peer);
    peers.closed(peer, bytesPerSecond, 1000);
    return peers.runBytes(peer);
  }

  @Test
  void aRequestIsForAQuarterOfASecondWhereFewPeersAreThere() {
    assertEquals(25 * MIB, runBytes(1, 100 * MIB));
    assertEquals(25 * MIB, runBytes(2, 100 * MIB));
    assertEquals(64 * MIB, runBytes(1, 1000 * MIB));
    assertEquals(4 * MIB, runBytes(1, 10 * MIB));
  }

  @Test
  void aRequestIsShortWhereManyShareWhatThereIs() {
    assertEquals(4 * MIB, runBytes(3, 100 * MIB));
    assertEquals(4 * MIB, runBytes(10, 1000 * MIB));
  }

  @Test
  void aRequestTakesASecondAtMost() {
    assertEquals(MIB, runBytes(1, MIB));
    assertEquals(MIB, runBytes(10, MIB));
    assertEquals(4 * MIB, runBytes(1, 0), "when nothing is known");
  }

  /** Ten nodes that begin at once would have their first four chunks after forty chunks' time. */
  @Test
  void theFirstRequestIsTheShorterTheMoreNodesThereAre() {
    assertEquals(4 * MIB, runBytes(2, 0));
    assertEquals(2 * MIB, runBytes(4, 0));
    assertTrue(runBytes(10, 0) < MIB, "one chunk");
  }
}
