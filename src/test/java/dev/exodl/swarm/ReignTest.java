package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.ClusterView;
import dev.exodl.model.NodeId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReignTest {
  private static final long NOW = 5_000_000;

  private final Map<NodeId, Reign> reigns = new HashMap<>();

  private Reign of(NodeId node) {
    return reigns.computeIfAbsent(node, n -> new Reign(1000));
  }

  private static ClusterView view(long number, boolean merged, NodeId... nodes) {
    List<Set<NodeId>> parts = merged ? List.of(Set.of(nodes[0]), Set.of(nodes[1])) : List.of();
    return new ClusterView(List.of(nodes), number, parts);
  }

  /** These become one view; who coordinates then tells the others how it leases. */
  private void view(boolean merged, NodeId... nodes) {
    ClusterView view = view(1, merged, nodes);
    Arrays.stream(nodes).forEach(n -> of(n).view(view, n, NOW));
    boolean fromTheEnd = of(nodes[0]).fromTheEnd();
    Arrays.stream(nodes).forEach(n -> of(n).told(fromTheEnd));
  }

  @Test
  void whoBeganAloneAndWasJoinedLeasesTheFirstChunksFirst() {
    List.of(A, B).forEach(n -> view(false, n));
    view(true, A, B);
    assertFalse(of(A).fromTheEnd());
    assertFalse(of(B).fromTheEnd());
  }

  @Test
  void twoPartsAlwaysLeaseFromDifferentEnds() {
    view(false, A, B, C, D);
    for (int i = 0; i < 3; i++) {
      view(false, A, B);
      view(false, C, D);
      assertNotEquals(of(A).fromTheEnd(), of(C).fromTheEnd());
      view(true, C, D, A, B);
      view(false, C, A);
      view(false, D, B);
      assertNotEquals(of(C).fromTheEnd(), of(D).fromTheEnd());
      view(true, A, B, C, D);
    }
  }

  @Test
  void theyDoAlsoWhenACoordinatorDiedBefore() {
    view(false, A, B, C, D);
    view(false, B, C, D);
    view(false, B);
    view(false, C, D);
    assertNotEquals(of(B).fromTheEnd(), of(C).fromTheEnd());
  }

  @Test
  void aNewCoordinatorHearsAllAndOneThatStaysTheNewcomers() {
    Reign reign = of(B);
    reign.view(view(1, false, A, B, C), B, NOW);
    assertFalse(reign.hears(NOW), "it does not coordinate");
    reign.view(view(2, false, B, C), B, NOW);
    assertTrue(reign.hears(NOW + 999));
    reign.toldAll(C, 2);
    assertFalse(reign.hears(NOW));
    reign.view(view(3, false, B, C, D), B, NOW);
    assertTrue(reign.hears(NOW));
    reign.toldAll(D, 3);
    assertFalse(reign.hears(NOW), "C told all when this reign began");
    reign.view(view(4, true, B, C, D), B, NOW);
    reign.toldAll(D, 4);
    assertTrue(reign.hears(NOW), "after a merge all have to tell");
    reign.view(view(5, true, A, B, C, D), B, NOW);
    assertFalse(reign.hears(NOW));
  }

  @Test
  void whatWasToldBeforeASplitIsNotAllThatIsToldAfterTheMerge() {
    Reign reign = of(A);
    reign.view(view(4, false, A, B), A, NOW);
    reign.toldAll(B, 4);
    reign.view(view(5, false, A), A, NOW);
    // On its way while the cluster was cut.
    reign.toldAll(B, 4);
    reign.view(view(7, true, A, B), A, NOW);
    assertTrue(reign.hears(NOW));
    reign.toldAll(B, 4);
    assertTrue(reign.hears(NOW));
    reign.toldAll(B, 7);
    assertFalse(reign.hears(NOW));
  }

  @Test
  void whoTellsAllBeforeTheMergedViewIsHereHasTold() {
    Reign reign = of(A);
    reign.view(view(4, false, A), A, NOW);
    reign.toldAll(B, 7);
    reign.view(view(7, true, A, B), A, NOW);
    assertFalse(reign.hears(NOW));
  }

  @Test
  void eachCoordinatorAndEachMergeIsANewReign() {
    Reign reign = of(A);
    reign.view(new ClusterView(List.of(A)), A, NOW);
    int first = reign.number();
    reign.view(new ClusterView(List.of(A, B)), A, NOW);
    assertEquals(first, reign.number());
    reign.view(view(2, true, A, B, C), A, NOW);
    assertEquals(first + 1, reign.number());
  }

  @Test
  void whoWillProbablyFetchHasAShareBeforeItAsks() {
    Reign reign = of(A);
    List.of(A, B, C, D).forEach(n -> reign.sharer(n, NOW));
    assertEquals(250, reign.share(A, NOW));
    reign.idle(D);
    reign.idle(C);
    assertEquals(500, reign.share(B, NOW));
    reign.view(new ClusterView(List.of(A)), A, NOW);
    assertEquals(1000, reign.share(A, NOW), "who left has none");
  }
}
