package dev.exodl.plan.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class NeighboursTest implements WithQuickTheories {
  private static final int MOST = 40;

  private static List<Member> members(int count, int zones, int perHost, long seed) {
    Random random = new Random(seed);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = String.format("%016x%016x", random.nextLong(), random.nextLong());
      int host = i / perHost;
      members.add(
          new Member(
              new NodeId(id),
              new Place(
                  perHost > 1 ? "host-" + host : "", "zone-" + host % zones, "10.0.0." + host)));
    }
    return members;
  }

  private static Map<NodeId, Neighbours> all(List<Member> members) {
    Map<NodeId, Neighbours> all = new HashMap<>();
    members.forEach(m -> all.put(m.node(), Neighbours.of(m.node(), members, MOST)));
    return all;
  }

  private static int reached(Map<NodeId, Neighbours> all) {
    Set<NodeId> seen = new HashSet<>();
    Deque<NodeId> next = new ArrayDeque<>(List.of(all.keySet().iterator().next()));
    while (!next.isEmpty()) {
      NodeId node = next.poll();
      if (seen.add(node)) {
        next.addAll(all.get(node).near().keySet());
      }
    }
    return seen.size();
  }

  @Test
  void whoeverIsANeighbourHasANeighbourAndAllAreConnected() {
    qt().withExamples(60)
        .forAll(
            integers().between(1, 300),
            integers().between(1, 12),
            integers().between(1, 24),
            longs().all())
        .checkAssert(
            (count, zones, perHost, seed) -> {
              Map<NodeId, Neighbours> all = all(members(count, zones, perHost, seed));
              all.forEach(
                  (node, neighbours) -> {
                    assertTrue(neighbours.near().size() <= MOST, "" + neighbours.near().size());
                    assertTrue(!neighbours.near().containsKey(node), "its own neighbour");
                    neighbours
                        .near()
                        .forEach(
                            (n, nearness) ->
                                assertEquals(nearness, all.get(n).near().get(node), "one way"));
                  });
              assertEquals(count, reached(all));
            });
  }

  @Test
  void inASmallClusterAllAreNeighbours() {
    List<Member> members = members(MOST + 1, 3, 2, 7);
    assertEquals(MOST, Neighbours.of(members.get(5).node(), members, MOST).near().size());
  }

  @Test
  void aNodeThatGoesChangesFewLinks() {
    for (int zones : List.of(1, 4)) {
      List<Member> members = members(1000, zones, 4, 3);
      Map<NodeId, Neighbours> before = all(members);
      List<Member> fewer = new ArrayList<>(members);
      NodeId gone = fewer.remove(500).node();
      int changed = 0;
      for (Map.Entry<NodeId, Neighbours> e : all(fewer).entrySet()) {
        Set<NodeId> added = new HashSet<>(e.getValue().near().keySet());
        added.removeAll(before.get(e.getKey()).near().keySet());
        changed += added.size();
      }
      assertTrue(before.get(gone).near().size() >= 20, "it had neighbours");
      assertTrue(changed <= 2 * MOST, changed + " new links of 40000, zones " + zones);
    }
  }

  @Test
  void onlyBridgesHaveNeighboursInOtherZonesAndTheyKnowEachOther() {
    Map<NodeId, Neighbours> all = all(members(600, 3, 1, 11));
    all.forEach(
        (node, neighbours) -> {
          Set<NodeId> others = new HashSet<>(neighbours.bridges());
          boolean bridge = others.remove(node);
          assertEquals(9, others.size() - (bridge ? 0 : 1), "ten in each zone");
          assertEquals(bridge, neighbours.near().containsValue(Nearness.FAR));
          assertTrue(!bridge || neighbours.near().keySet().containsAll(others), "they agree");
        });
  }

  @Test
  void nodesOfAHostAreNeighbours() {
    all(members(400, 1, 8, 5))
        .values()
        .forEach(
            n -> assertEquals(7, n.near().values().stream().filter(Nearness.HOST::equals).count()));
  }

  @Test
  void whoIsNoMemberHasNoNeighbours() {
    NodeId stranger = new NodeId("f".repeat(32));
    List<Member> members = members(3, 1, 1, 1);
    assertThrows(IllegalArgumentException.class, () -> Neighbours.of(stranger, members, MOST));
  }
}
