package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.file;
import static dev.exodl.swarm.Ids.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeardTest {
  private static final long NOW = 5_000_000;

  private final HaveMaps maps = new HaveMaps(new SwarmBlobs(List.of(file(0, 4 * MIB))));
  private final Heard heard = new Heard(maps);

  private void tells(NodeId node, boolean done) {
    SwarmMessage.HeldChunks all = new SwarmMessage.HeldChunks(0, range(0, 4), List.of());
    maps.told(node, new SwarmMessage.Have(Ids.SWARM, true, List.of(all), done));
    heard.told(node, NOW);
  }

  @Test
  void whoTellsNothingHereAnyMoreIsNotWaitedFor() {
    tells(A, true);
    tells(B, false);
    assertFalse(heard.allDone(n -> true, NOW));
    assertTrue(heard.allDone(n -> !n.equals(B), NOW), "it is no neighbour any more");
    tells(B, true);
    assertTrue(heard.allDone(n -> true, NOW));
  }

  @Test
  void whoIsSilentForVeryLongIsNotWaitedFor() {
    tells(B, false);
    assertFalse(heard.allDone(n -> true, NOW + 599_999));
    assertTrue(heard.allDone(n -> true, NOW + 600_000));
  }

  @Test
  void whatStrangersHeldIsForgottenAfterAWhile() {
    tells(A, true);
    tells(B, true);
    heard.forgetStrangers(A::equals, NOW + 20_000);
    assertEquals(Set.of(A, B), maps.nodes(), "perhaps it will be a neighbour when cards came");
    heard.forgetStrangers(A::equals, NOW + 21_000);
    assertEquals(Set.of(A), maps.nodes());
    assertEquals(1, maps.count(0));
  }

  @Test
  void whoLeftTheClusterIsForgottenAtOnce() {
    tells(A, true);
    tells(C, true);
    heard.retain(List.of(A));
    assertEquals(Set.of(A), maps.nodes());
  }
}
