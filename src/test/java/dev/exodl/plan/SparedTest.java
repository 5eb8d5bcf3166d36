package dev.exodl.plan;

import static dev.exodl.plan.ChooserNode.bits;
import static dev.exodl.plan.ChooserNode.from;
import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who has all is asked for what nobody else has, as long as there is such. */
class SparedTest {
  private static final int MIB = 1 << 20;

  /** Wants 64 chunks of a large file; the small one is here. */
  private static ChooserNode withASmallFile(int pulls) {
    List<Entry> entries = new ArrayList<>(Swarms.model(1, 64 * MIB));
    entries.add(new Entry("vocab.json", 100, new BlobId.Sha256("f".repeat(64))));
    ChooserNode me = new ChooserNode(entries, pulls, 0);
    me.open(1, me.blobs.grid(1), bits(0, 1));
    return me;
  }

  @Test
  void whoHasAllIsNotAskedForWhatOthersHaveToo() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 16 * MIB), 4, 0);
    me.chooser.peer(node(1), Nearness.ZONE);
    me.chooser.peer(node(2), Nearness.ZONE);
    me.toldAll(node(1), 16);
    me.told(node(2), 0, 0, 8);
    for (Step.Fetch fetch : me.begin(0)) {
      Origin right = fetch.run().first() < 8 ? from(2) : from(1);
      assertEquals(right, fetch.origin(), "chunk " + fetch.run().first());
    }
  }

  /** Also of a model with small files, all of which are here. */
  @Test
  void whatOnlyOneThatIsBusyHasIsNotWaitedFor() {
    ChooserNode me = withASmallFile(8);
    me.chooser.self(node(10));
    for (int n = 1; n <= 9; n++) {
      me.chooser.peer(node(n), Nearness.ZONE);
      me.maps.told(node(n), new SwarmMessage.Have(Swarms.ID, true, List.of(), false));
    }
    me.toldAll(node(1), 64);
    me.told(node(2), 0, 0, 32);
    me.told(node(3), 0, 32, 63);
    me.told(node(4), 0, 32, 63);
    Set<Origin> origins = me.begin(0).stream().map(Step.Fetch::origin).collect(Collectors.toSet());
    assertTrue(origins.containsAll(Set.of(from(2), from(3), from(4))), "asks " + origins);
  }

  /** It is not remembered for ever that somebody was needed for what nobody else had. */
  @Test
  void whoHasAllIsAskedAgainWhenOthersHaveAllToo() {
    ChooserNode me = withASmallFile(1);
    for (int n = 1; n <= 3; n++) {
      me.chooser.peer(node(n), Nearness.ZONE);
    }
    me.toldAll(node(1), 64);
    me.told(node(2), 0, 0, 60);
    List<Step.Fetch> begun = me.begin(0);
    assertEquals(from(1), begun.getFirst().origin());
    me.end(begun.getFirst(), true);
    me.told(node(2), 0, 60, 64);
    Set<Origin> origins = new HashSet<>();
    for (int round = 0; round < 12; round++) {
      begun = me.begin(0);
      assertEquals(1, begun.size(), "round " + round);
      origins.add(begun.getFirst().origin());
      me.end(begun.getFirst(), true);
    }
    assertEquals(Set.of(from(1), from(2)), origins);
  }
}
