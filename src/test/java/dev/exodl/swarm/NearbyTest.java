package dev.exodl.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.ClusterView;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.Member;
import dev.exodl.plan.swarm.Place;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearbyTest {
  private static final int PORT = 7872;

  private final Members members = new Members();
  private final Random random = new Random(7);
  private final List<NodeId> nodes = IntStream.range(0, 200).mapToObj(i -> node()).toList();

  private NodeId node() {
    return new NodeId(String.format("%016x%016x", random.nextLong(), random.nextLong()));
  }

  private static SwarmMessage.Card card(int port, boolean encrypts, SwarmId... swarms) {
    return new SwarmMessage.Card("n", "10.0.0.1", port, "", "", true, encrypts, Set.of(swarms));
  }

  private void all(SwarmMessage.Card card) {
    members.view(new ClusterView(nodes));
    nodes.forEach(n -> members.card(n, card));
  }

  private Nearby nearby(NodeId self, boolean encrypts) {
    Member own = new Member(self, new Place("", "", "10.0.0.1"));
    return new Nearby(Ids.SWARM, members, () -> own, encrypts);
  }

  private static Set<NodeId> without(List<NodeId> some, NodeId self) {
    Set<NodeId> others = new HashSet<>(some);
    others.remove(self);
    return others;
  }

  @Test
  void inALargeClusterAllNodesOfASmallSwarmAreNeighboursAndNobodyElseIs() {
    all(card(PORT, false, Ids.OTHER_SWARM));
    nodes.subList(0, 50).forEach(n -> members.card(n, card(0, false)));
    List<NodeId> few = nodes.subList(100, 105);
    few.forEach(n -> members.card(n, card(PORT, false, Ids.SWARM, Ids.OTHER_SWARM)));
    for (NodeId self : few) {
      Nearby nearby = nearby(self, false);
      assertTrue(nearby.refresh(true));
      assertEquals(without(few, self), nearby.listeners());
      assertEquals(without(few, self), nearby.sources().near().keySet());
    }
  }

  @Test
  void ofALargeSwarmAFewAreNeighboursAndTheyAreOfEachOther() {
    all(card(PORT, false, Ids.SWARM));
    for (NodeId self : nodes) {
      Nearby nearby = nearby(self, false);
      nearby.refresh(true);
      assertTrue(nearby.listeners().size() >= 20 && nearby.listeners().size() <= 40);
      NodeId other = nearby.listeners().iterator().next();
      Nearby back = nearby(other, false);
      back.refresh(true);
      assertTrue(back.listeners().contains(self));
    }
  }

  @Test
  void whoHoldsAndWantsNothingIsNobodysNeighbour() {
    all(card(PORT, false, Ids.SWARM));
    Nearby nearby = nearby(nodes.getFirst(), false);
    nearby.refresh(false);
    assertEquals(Set.of(), nearby.listeners());
    assertTrue(nearby.refresh(true));
    assertFalse(nearby.listeners().isEmpty());
  }

  @Test
  void inASmallClusterWhoeverToldWhoItIsIsANeighbour() {
    List<NodeId> few = nodes.subList(0, 41);
    members.view(new ClusterView(few));
    few.forEach(n -> members.card(n, card(PORT, false)));
    Nearby nearby = nearby(few.getFirst(), false);
    nearby.refresh(false);
    assertEquals(without(few, few.getFirst()), nearby.listeners());
  }

  @Test
  void itIsFoundAnewOnlyWhenSomethingOfThatSwarmChanged() {
    all(card(PORT, false, Ids.SWARM));
    Nearby nearby = nearby(nodes.getFirst(), false);
    assertTrue(nearby.refresh(true));
    assertFalse(nearby.refresh(true));
    members.card(nodes.get(7), card(PORT, false, Ids.SWARM, Ids.OTHER_SWARM));
    assertFalse(nearby.refresh(true), "another swarm's affair");
    members.card(nodes.get(7), card(PORT, false, Ids.OTHER_SWARM));
    assertTrue(nearby.refresh(true));
    members.leaving(nodes.get(8));
    assertTrue(nearby.refresh(true));
  }

  @Test
  void whoEncryptsTakesOnlyFromOthersThatDoAndTellsAll() {
    all(card(PORT, false, Ids.SWARM));
    List<NodeId> few = nodes.subList(0, 5);
    few.forEach(n -> members.card(n, card(PORT, true, Ids.SWARM)));
    Nearby nearby = nearby(few.getFirst(), true);
    nearby.refresh(true);
    assertEquals(without(few, few.getFirst()), nearby.sources().near().keySet());
    assertTrue(nearby.listeners().size() > 20);
  }

  @Test
  void whomTheCoordinatorMadeMeetAreAsNeighboursTheLastForty() {
    all(card(PORT, false, Ids.SWARM));
    Nearby nearby = nearby(nodes.getFirst(), false);
    nearby.refresh(true);
    List<NodeId> others =
        without(nodes, nodes.getFirst()).stream()
            .filter(n -> !nearby.listeners().contains(n))
            .limit(41)
            .toList();
    Set<NodeId> before = nearby.listeners();
    nearby.meet(others.subList(0, 2));
    assertTrue(nearby.listeners().containsAll(others.subList(0, 2)));
    assertTrue(nearby.sources().near().keySet().containsAll(others.subList(0, 2)));
    assertTrue(nearby.listeners().containsAll(before));
    nearby.meet(others.subList(2, 41));
    assertFalse(nearby.listeners().contains(others.getFirst()));
    assertTrue(nearby.listeners().containsAll(others.subList(1, 41)));
    members.card(others.getLast(), card(PORT, false));
    nearby.refresh(true);
    assertFalse(nearby.listeners().contains(others.getLast()), "it takes part no more");
  }
}
