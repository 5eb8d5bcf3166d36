package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.bits;
import static dev.exodl.swarm.Ids.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.NodeId;
import dev.exodl.plan.Origin;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DoubtsTest {
  private final Doubts doubts = new Doubts(2);

  private void came(NodeId from, int chunk) {
    assertNull(doubts.came(new Origin.Peer(from), 0, chunk, chunk));
  }

  private Doubts.Doubt next(BitSet held, NodeId... shunned) {
    return doubts.next(0, held, Set.of(shunned)::contains, n -> false);
  }

  @Test
  void whatTheHubSentIsNotDoubted() {
    assertNull(doubts.came(Origin.HUB, 0, 1, 1));
    assertNull(next(range(0, 10)));
  }

  @Test
  void whoGaveFewestIsDoubtedFirst() {
    came(A, 0);
    came(A, 1);
    came(A, 2);
    came(B, 3);
    came(C, 4);
    came(C, 5);
    assertEquals(new Doubts.Doubt(B, bits(3)), next(range(0, 10)));
    assertEquals(new Doubts.Doubt(C, bits(4, 5)), next(range(0, 10)));
    assertEquals(new Doubts.Doubt(A, bits(0, 1, 2)), next(range(0, 10)));
    assertNull(next(range(0, 10)));
  }

  @Test
  void whoIsShunnedIsDoubtedBeforeAll() {
    came(A, 0);
    came(A, 1);
    came(B, 2);
    assertEquals(new Doubts.Doubt(A, bits(0, 1)), next(range(0, 10), A));
    assertEquals(new Doubts.Doubt(B, bits(2)), next(range(0, 10), A));
  }

  @Test
  void whoWasSuspectedBeforeIsNotSuspectedAgain() {
    came(A, 0);
    came(B, 1);
    came(B, 2);
    assertEquals(
        new Doubts.Doubt(B, bits(1, 2)), doubts.next(0, range(0, 9), n -> false, A::equals));
    assertNull(doubts.next(0, range(0, 9), n -> false, A::equals));
  }

  @Test
  void chunksThatAreNotHeldAnyMoreAreNotDoubted() {
    came(A, 0);
    came(B, 1);
    came(B, 2);
    assertEquals(new Doubts.Doubt(B, bits(2)), next(bits(2, 5)));
    assertNull(next(bits(2, 5)));
  }

  @Test
  void whoGaveAChunkLastIsDoubtedForIt() {
    came(A, 0);
    came(B, 0);
    assertEquals(new Doubts.Doubt(B, bits(0)), next(range(0, 10)));
    came(A, 1);
    assertNull(doubts.came(Origin.HUB, 0, 1, 1));
    assertNull(next(range(0, 10)));
  }

  @Test
  void whoseChunkComesOtherwiseTheSecondTimeLied() {
    came(A, 7);
    assertNotNull(next(range(0, 10)));
    assertEquals(new Doubts.Came(A, 7), doubts.came(Origin.HUB, 0, 7, 70));
  }

  @Test
  void whoseChunkComesTheSameDidNotLie() {
    came(A, 7);
    assertNotNull(next(range(0, 10)));
    assertNull(doubts.came(Origin.HUB, 0, 7, 7));
  }

  @Test
  void oneLieIsToldOnce() {
    came(A, 7);
    assertNotNull(next(range(0, 10)));
    assertEquals(new Doubts.Came(A, 7), doubts.came(new Origin.Peer(B), 0, 7, 70));
    assertNull(doubts.came(Origin.HUB, 0, 7, 71), "that is B's, and nobody doubted it yet");
  }

  @Test
  void nobodyWhoWasNotDoubtedLied() {
    came(A, 7);
    assertNull(doubts.came(Origin.HUB, 0, 7, 70));
  }

  @Test
  void filesAreDoubtedOneByOne() {
    came(A, 7);
    assertNull(doubts.next(1, range(0, 10), n -> false, n -> false));
    assertNull(doubts.came(Origin.HUB, 1, 7, 70));
    assertNotNull(next(range(0, 10)));
  }

  @Test
  void allAreDoubtedOnceWhenTheHubGivesWhatIsFetchedAnew() {
    for (int chunk = 0; chunk < 100; chunk++) {
      came(Ids.node(Character.forDigit(chunk % 7, 16)), chunk);
    }
    int rounds = 0;
    for (var d = next(range(0, 100)); d != null; d = next(range(0, 100))) {
      d.chunks().stream().forEach(c -> doubts.came(Origin.HUB, 0, c, c));
      rounds++;
    }
    assertEquals(7, rounds);
  }

  @Test
  void itEndsWithoutAHubTooSinceWhoWasDoubtedIsNotAskedAgain() {
    NodeId[] nodes = {A, B, C};
    Set<NodeId> shunned = new HashSet<>();
    for (int chunk = 0; chunk < 30; chunk++) {
      came(nodes[chunk % 3], chunk);
    }
    int rounds = 0;
    for (var d = next(range(0, 30)); d != null; d = next(range(0, 30))) {
      assertTrue(shunned.add(d.of()), "a node is doubted once");
      for (NodeId other : nodes) {
        if (!shunned.contains(other)) {
          d.chunks().stream().forEach(c -> doubts.came(new Origin.Peer(other), 0, c, c));
          break;
        }
      }
      rounds++;
    }
    assertEquals(3, rounds);
  }
}
