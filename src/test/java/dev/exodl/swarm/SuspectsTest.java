package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.NodeId;
import dev.exodl.plan.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A file that three peers gave, without a hub: A most of it, B least. */
class SuspectsTest {
  private static final int CHUNKS = 12;

  private final Set<NodeId> leftOut = new HashSet<>();
  private final Suspects suspects =
      new Suspects(
          (peer, does) -> {
            if (does) {
              leftOut.add(peer);
            } else {
              leftOut.remove(peer);
            }
          });
  private final Doubts doubts = new Doubts(2);
  private final NodeId[] from = new NodeId[CHUNKS];
  private final List<NodeId> suspected = new ArrayList<>();

  private void came(int chunk, NodeId peer) {
    from[chunk] = peer;
    doubts.came(new Origin.Peer(peer), 0, chunk, 0);
  }

  /** All is there once; while the file is wrong it goes on as a fetch does. Whether it is right. */
  private boolean becomesRight(NodeId... liars) {
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      came(chunk, chunk < 7 ? A : chunk < 10 ? C : B);
    }
    while (Arrays.stream(from).anyMatch(List.of(liars)::contains)) {
      Doubts.Doubt doubt = doubts.next(0, range(0, CHUNKS), n -> false, n -> suspects.had(0, n));
      if (doubt == null) {
        return false;
      }
      suspects.next(0, doubt.of());
      suspected.add(doubt.of());
      List<NodeId> asked = List.of(A, B, C).stream().filter(n -> !leftOut.contains(n)).toList();
      assertEquals(2, asked.size(), "nobody else is left out");
      BitSet chunks = doubt.chunks();
      chunks.stream().forEach(c -> came(c, asked.get(c % asked.size())));
    }
    return true;
  }

  @Test
  void whoIsInnocentIsAskedAgainAndTheLiarIsFound() {
    assertTrue(becomesRight(A));
    assertEquals(A, suspected.getLast());
    assertEquals(Set.of(A), leftOut);
    suspects.over(0);
    assertEquals(Set.of(), leftOut, "who lied is known by other means");
  }

  @Test
  void itEndsThoughAllAreSuspectedAndThenAllAreAskedAgain() {
    // As with bytes on the disk that are wrong and that nobody sent.
    assertFalse(becomesRight(A, B, C));
    assertEquals(Set.of(A, B, C), Set.copyOf(suspected));
    assertEquals(3, suspected.size());
    suspects.over(0);
    assertEquals(Set.of(), leftOut);
    assertNotNull(
        doubts.next(0, range(0, CHUNKS), n -> false, n -> suspects.had(0, n)), "of the last fetch");
  }

  @Test
  void whoIsSuspectedOfTwoFilesIsLeftOutForBoth() {
    suspects.next(0, A);
    suspects.next(1, A);
    suspects.over(0);
    assertEquals(Set.of(A), leftOut);
    suspects.next(1, B);
    assertEquals(Set.of(B), leftOut);
    assertTrue(suspects.had(1, A));
    assertFalse(suspects.had(0, A));
  }
}
