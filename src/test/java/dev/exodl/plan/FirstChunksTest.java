package dev.exodl.plan;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Nearness;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a node takes first that needs some chunks before all others. */
class FirstChunksTest {
  private static final int MIB = 1 << 20;

  private static BitSet bits(int first, int end) {
    BitSet bits = new BitSet();
    bits.set(first, end);
    return bits;
  }

  /** The places of all that is fetched, in the order in which it begins, one at a time. */
  private static List<Integer> order(ChooserNode me) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      List<Step.Fetch> begun = me.begin(i);
      for (Step.Fetch fetch : begun) {
        order.addAll(new TreeSet<>(me.chunks(List.of(fetch))));
        me.end(fetch, true);
        if (me.plan.whole(fetch.run().file())) {
          me.plan.apply(new PlanEvent.FileGone(fetch.run().file()));
        }
      }
    }
    return order;
  }

  private static void assertFirst(Set<Integer> these, List<Integer> order, int from) {
    assertEquals(these, new TreeSet<>(order.subList(from, from + these.size())), order.toString());
  }

  private static Set<Integer> places(int first, int end) {
    Set<Integer> places = new TreeSet<>();
    bits(first, end).stream().forEach(places::add);
    return places;
  }

  @Test
  void ofPeersOneSetAfterTheOtherAndThenTheRest() {
    ChooserNode me = new ChooserNode(Swarms.model(2, 16 * MIB), 1, 0);
    me.chooser.first(List.of(bits(20, 24), bits(18, 32)));
    me.chooser.peer(node(1), Nearness.ZONE);
    me.told(node(1), 0, 0, 16);
    me.told(node(1), 1, 0, 16);
    List<Integer> order = order(me);
    assertEquals(32, order.size());
    assertFirst(places(20, 24), order, 0);
    Set<Integer> second = places(18, 20);
    second.addAll(places(24, 32));
    assertFirst(second, order, 4);
    assertFirst(places(0, 18), order, 14);
  }

  @Test
  void rarerOnesOfTheRestWait() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 16 * MIB), 1, 0);
    me.chooser.first(List.of(bits(8, 16)));
    for (int n = 1; n <= 3; n++) {
      me.chooser.peer(node(n), Nearness.ZONE);
      me.told(node(n), 0, 8, 16);
    }
    me.told(node(1), 0, 0, 8);
    assertFirst(places(8, 16), order(me), 0);
  }

  @Test
  void whatNobodyHasOfThemHoldsNothingUp() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 16 * MIB), 1, 0);
    me.chooser.first(List.of(bits(0, 4), bits(4, 8)));
    me.chooser.peer(node(1), Nearness.ZONE);
    me.told(node(1), 0, 6, 16);
    List<Integer> order = order(me);
    assertEquals(places(6, 16), new TreeSet<>(order));
    assertFirst(places(6, 8), order, 0);
  }

  @Test
  void ofTheHubTooWhateverTheOrderOfTheLeases() {
    ChooserNode me = new ChooserNode(Swarms.model(2, 16 * MIB), 0, 1);
    me.chooser.first(List.of(bits(24, 28)));
    me.chooser.lease(List.of(new ChunkRun(0, 0, 16), new ChunkRun(1, 0, 16)));
    List<Integer> order = order(me);
    assertEquals(32, order.size());
    assertEquals(24, order.getFirst());
    assertTrue(order.indexOf(27) < order.indexOf(0), order.toString());
  }

  @Test
  void smallFilesOfThemAreOpenedFirst() {
    ChooserNode me = new ChooserNode(Swarms.model(40, MIB / 2), 1, 0);
    me.chooser.first(List.of(bits(30, 33)));
    me.chooser.peer(node(1), Nearness.ZONE);
    for (int file = 0; file < 40; file++) {
      me.told(node(1), file, 0, 1);
    }
    List<Integer> order = order(me);
    assertEquals(40, order.size());
    assertFirst(places(30, 33), order, 0);
  }

  @Test
  void theCoordinatorIsToldOnlyWhatIsToBeLeased() {
    ChooserNode me = new ChooserNode(Swarms.model(2, 16 * MIB), 4, 2);
    assertEquals(new BitSet(), me.chooser.lacksFirst(me.plan));
    me.chooser.first(List.of(bits(4, 12), bits(2, 14)));
    assertEquals(bits(4, 12), me.chooser.lacksFirst(me.plan), "of files not yet open as well");
    me.chooser.lease(List.of(new ChunkRun(0, 4, 6)));
    me.told(node(1), 0, 10, 12);
    assertEquals(bits(6, 10), me.chooser.lacksFirst(me.plan));
    me.chooser.lease(List.of(new ChunkRun(0, 6, 10)));
    BitSet next = bits(2, 4);
    next.set(12, 14);
    assertEquals(next, me.chooser.lacksFirst(me.plan), "of the next set when this is on its way");
  }
}
