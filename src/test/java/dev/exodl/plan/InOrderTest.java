package dev.exodl.plan;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.NodeHash;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of chunks that are as rare the first are taken first. */
class InOrderTest {
  private static final int MIB = 1 << 20;

  /** So that a file is whole, and digested, long before the last one is. */
  @Test
  void ofChunksAsRareTheFirstOnesAreTakenFirst() {
    ChooserNode me = new ChooserNode(Swarms.model(4, 64 * MIB), 8, 0);
    List<SwarmMessage.HeldChunks> all = new ArrayList<>();
    for (int file = 0; file < 4; file++) {
      all.add(new SwarmMessage.HeldChunks(file, bits(0, 64), List.of()));
    }
    me.chooser.self(node(0));
    for (int n = 1; n <= 10; n++) {
      me.chooser.peer(node(n), Nearness.ZONE);
      me.maps.told(
          node(n), new SwarmMessage.Have(Swarms.ID, true, n == 1 ? all : List.of(), n == 1));
    }
    int last = -1;
    for (List<Step.Fetch> begun = me.begin(0); !begun.isEmpty(); begun = me.begin(0)) {
      for (Step.Fetch fetch : begun) {
        int place = me.blobs.place(fetch.run().file(), fetch.run().first());
        assertTrue(place > last, place + " after " + last);
        last = place;
      }
      begun.forEach(f -> me.end(f, true));
    }
    assertTrue(last > 0);
  }

  /** Else who has its share of the first ones waits although it could take later ones. */
  @Test
  void whereAllTheFirstOnesAreForOthersToTakeItLooksElsewhere() {
    int places = 1024;
    ChooserNode me = new ChooserNode(Swarms.model(1, (long) places * MIB), 4, 0);
    me.chooser.self(node(0));
    for (int n = 1; n <= 10; n++) {
      me.chooser.peer(node(n), Nearness.ZONE);
      BitSet held = bits(0, n == 1 ? places : 0);
      me.maps.told(
          node(n),
          new SwarmMessage.Have(
              Swarms.ID, true, List.of(new SwarmMessage.HeldChunks(0, held, List.of())), n == 1));
    }
    BitSet mine = new BitSet();
    for (int place = 0; place < 700; place++) {
      long own = NodeHash.salted(NodeHash.of(node(0)), place);
      int at = place;
      boolean first =
          IntStream.rangeClosed(2, 10)
              .allMatch(n -> NodeHash.salted(NodeHash.of(node(n)), at) >= own);
      mine.set(place, first);
    }
    me.open(0, me.blobs.grid(0), mine);
    List<Step.Fetch> begun = me.begin(0);
    assertFalse(begun.isEmpty());
    begun.forEach(f -> assertTrue(f.run().first() >= 700));
  }

  private static BitSet bits(int first, int end) {
    BitSet bits = new BitSet();
    bits.set(first, end);
    return bits;
  }
}
