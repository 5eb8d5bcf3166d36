package dev.exodl.plan;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of chunks that are as rare the first are taken first. */
class InOrderTest {
  private static final int MIB = 1 << 20;

  /** So that a file is whole, and digested, long before the last one is. */
  @Test
  void ofChunksAsRareTheFirstOnesAreTakenFirst() {
    ChooserNode me = oneOfTen();
    int last = -1;
    int mine = 0;
    for (List<Step.Fetch> begun = me.begin(0); !begun.isEmpty(); begun = me.begin(0)) {
      for (Step.Fetch fetch : begun) {
        int place = me.blobs.place(fetch.run().file(), fetch.run().first());
        assertTrue(place > last, place + " after " + last);
        last = place;
        mine += fetch.run().chunks();
      }
      begun.forEach(f -> me.end(f, true));
    }
    // One in ten of 256 is for this one to take first, about; none of them is overlooked.
    assertTrue(mine > 16 && mine < 36, "took " + mine);
    assertTrue(last > 200, "the last one is " + last);
  }

  /** The others come to that last, and perhaps never, as it is here by then. */
  @Test
  void whoHasTakenItsOwnTakesTheLastOfTheOthers() {
    ChooserNode me = oneOfTen();
    for (List<Step.Fetch> begun = me.begin(0); !begun.isEmpty(); begun = me.begin(0)) {
      begun.forEach(f -> me.end(f, true));
    }
    int last = me.blobs.places();
    for (int n = 1; n <= 4; n++) {
      List<Step.Fetch> begun = me.begin(110L * n);
      assertEquals(1, begun.size(), "one comes before it for that");
      int place = me.blobs.place(begun.getFirst().run().file(), begun.getFirst().run().first());
      assertTrue(place < last, place + " before " + last);
      last = place;
      begun.forEach(f -> me.end(f, true));
    }
    assertTrue(last > 128, "four of twenty, the last of which is " + last);
  }

  /** Ten nodes want the four files that one has, each of 64 chunks. */
  private static ChooserNode oneOfTen() {
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
    return me;
  }

  private static BitSet bits(int first, int end) {
    BitSet bits = new BitSet();
    bits.set(first, end);
    return bits;
  }
}
