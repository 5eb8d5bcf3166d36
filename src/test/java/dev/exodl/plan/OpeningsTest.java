package dev.exodl.plan;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Nearness;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which files are open, of a model with more of them than are opened in turn. */
class OpeningsTest {
  private static final int MIB = 1 << 20;
  private static final int FILES = 200;

  private final ChooserNode me = new ChooserNode(Swarms.model(FILES, 2 * MIB), 4, 4);

  private static Set<Integer> files(List<Step.Fetch> begun) {
    return begun.stream().map(f -> f.run().file()).collect(Collectors.toSet());
  }

  private Set<Integer> opened() {
    return me.plan.files().stream()
        .filter(f -> f.stage == FilePlan.Stage.OPEN)
        .map(f -> f.number)
        .collect(Collectors.toSet());
  }

  private void end(Step.Fetch fetch) {
    me.end(fetch, true);
    if (me.plan.whole(fetch.run().file())) {
      me.plan.apply(new PlanEvent.FileGone(fetch.run().file()));
    }
  }

  @Test
  void whatIsLeasedFromTheEndIsBegun() {
    me.chooser.lease(List.of(new ChunkRun(FILES - 1, 0, 2), new ChunkRun(FILES - 2, 1, 2)));
    List<Step.Fetch> begun = me.begin(0);
    assertEquals(Set.of(FILES - 2, FILES - 1), files(begun));
    assertEquals(3, me.chooser.begun(me.plan));
    assertEquals(0, me.chooser.leasedAhead(me.plan));
    assertEquals(64, opened().size(), "these two, and the first ones");
  }

  @Test
  void whatOthersHoldOfTheEndIsTaken() {
    me.chooser.peer(node(1), Nearness.ZONE);
    me.chooser.peer(node(2), Nearness.ZONE);
    me.chooser.peer(node(3), Nearness.ZONE);
    for (int file = 150; file < FILES; file++) {
      me.told(node(1 + file % 3), file, 0, 2);
    }
    Set<Integer> pulled = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      List<Step.Fetch> begun = me.begin(i);
      pulled.addAll(files(begun));
      begun.forEach(this::end);
    }
    assertEquals(IntStream.range(150, FILES).boxed().collect(Collectors.toSet()), pulled);
    assertEquals(IntStream.range(0, 64).boxed().collect(Collectors.toSet()), opened());
  }

  @Test
  void theRarestOfTheEndIsOpenedFirst() {
    for (int n = 1; n <= 3; n++) {
      me.chooser.peer(node(n), Nearness.ZONE);
      me.told(node(n), 180, 0, 2);
    }
    me.told(node(1), 150, 0, 1);
    assertEquals(Set.of(150), files(List.of(me.begin(0).getFirst())));
  }

  @Test
  void whatIsHeldBackOfTheEndComesFromTheHub() {
    me.told(node(1), FILES - 1, 0, 2);
    me.chooser.fromHubOnly(me.plan, 8, false);
    List<Step.Fetch> begun = me.begin(0);
    assertEquals(Set.of(FILES - 1), files(begun));
    assertTrue(begun.stream().allMatch(f -> f.origin().equals(Origin.HUB)));
  }

  @Test
  void notAllAreOpenWhateverIsLeasedOrHeld() {
    me.chooser.peer(node(1), Nearness.ZONE);
    for (int file = 100; file < FILES; file++) {
      me.told(node(1), file, 0, 1);
      me.chooser.lease(List.of(new ChunkRun(file, 1, 2)));
    }
    for (int i = 0; i < 100; i++) {
      me.begin(i).forEach(f -> me.end(f, false));
      assertTrue(opened().size() <= 128, opened().size() + " are open");
    }
  }

  /** Whoever holds their rest does not give it. */
  @Test
  void notAllAreOpenOfWhichOthersHoldSome() {
    me.chooser.peer(node(1), Nearness.ZONE);
    for (int file = 100; file < FILES; file++) {
      me.told(node(1), file, 0, 1);
    }
    for (int i = 0; i < 100; i++) {
      me.begin(i).forEach(f -> me.end(f, true));
    }
    assertEquals(96, opened().size());
  }

  @Test
  void aFileIsOpenedOnceWhileItOpens() {
    me.chooser.lease(List.of(new ChunkRun(FILES - 1, 0, 2)));
    BitSet opened = new BitSet();
    for (Step step = me.chooser.next(me.plan, 0);
        step instanceof Step.Open open;
        step = me.chooser.next(me.plan, 0)) {
      assertTrue(!opened.get(open.file()), "twice: " + open.file());
      opened.set(open.file());
      me.plan.apply(new PlanEvent.FileOpening(open.file()));
    }
    assertEquals(64, opened.cardinality());
    assertTrue(opened.get(FILES - 1));
  }

  /** As many as are on their way at once, and more: those that came make place for others. */
  @Test
  void smallFilesThatAreHeldBackAllComeFromTheHub() {
    ChooserNode small = new ChooserNode(Swarms.model(10, 1000), 4, 4);
    Set<Integer> came = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      small.chooser.fromHubOnly(small.plan, 8, true);
      List<Step.Fetch> begun = small.begin(i);
      came.addAll(files(begun));
      begun.forEach(f -> small.end(f, true));
    }
    assertEquals(10, came.size());
  }
}
