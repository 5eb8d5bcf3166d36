package dev.exodl.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ChunkGrid;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class PlanStateTest implements WithQuickTheories {
  private static final int MIB = 1 << 20;

  private static PlanState opened(int spread, long... sizes) {
    List<Long> list = new ArrayList<>();
    for (long size : sizes) {
      list.add(size);
    }
    PlanState plan = new PlanState(list, MIB, spread);
    for (int i = 0; i < sizes.length; i++) {
      plan.apply(new PlanEvent.FileOpening(i));
      plan.apply(new PlanEvent.FileOpened(i, new ChunkGrid(sizes[i], MIB), new BitSet()));
    }
    return plan;
  }

  private static Run fetch(PlanState plan, int connections) {
    Run run = assertInstanceOf(Step.Fetch.class, plan.next(connections, 64L * MIB)).run();
    plan.apply(new PlanEvent.RunStarted(run));
    return run;
  }

  @Test
  void asksToOpenAFileBeforeItsChunks() {
    PlanState plan = new PlanState(List.of(10L * MIB), MIB, 2);
    assertEquals(new Step.Open(0), plan.next(4, MIB));
    plan.apply(new PlanEvent.FileOpening(0));
    assertEquals(new Step.Idle(), plan.next(4, MIB));
  }

  @Test
  void opensOtherFilesWhileOneWaitsForAnotherProcess() {
    PlanState plan = new PlanState(List.of(10L * MIB, 10L * MIB), MIB, 1);
    plan.apply(new PlanEvent.FileOpening(0));
    assertEquals(new Step.Idle(), plan.next(4, MIB));
    plan.apply(new PlanEvent.FileWaiting(0));
    assertEquals(new Step.Open(1), plan.next(4, MIB));
  }

  @Test
  void runsShrinkTowardsTheEnd() {
    PlanState plan = opened(1, 64L * MIB);
    List<Integer> lengths = new ArrayList<>();
    while (plan.next(4, 64L * MIB) instanceof Step.Fetch) {
      lengths.add(fetch(plan, 4).chunks());
    }
    assertEquals(64, lengths.stream().mapToInt(i -> i).sum());
    assertEquals(8, lengths.getFirst());
    assertTrue(lengths.getLast() <= 4, lengths.toString());
  }

  @Test
  void leavesOutWhatIsHeld() {
    PlanState plan = new PlanState(List.of(8L * MIB), MIB, 1);
    plan.apply(new PlanEvent.FileOpening(0));
    BitSet have = new BitSet();
    have.set(0, 3);
    have.set(5);
    plan.apply(new PlanEvent.FileOpened(0, new ChunkGrid(8L * MIB, MIB), have));
    Run first = fetch(plan, 1);
    assertEquals(3, first.first());
    Run second = fetch(plan, 1);
    assertTrue(second.first() >= 4 && second.first() != 5, second.toString());
  }

  @Test
  void chunksOfAnEndedRunThatAreNotHeldAreFreeAgain() {
    PlanState plan = opened(1, 4L * MIB);
    Run run = fetch(plan, 1);
    plan.apply(new PlanEvent.ChunkHeld(0, run.first()));
    plan.apply(new PlanEvent.RunEnded(run.id()));
    assertEquals(run.first() + 1, fetch(plan, 1).first());
  }

  @Test
  void aCutRunLeavesItsTailToOthers() {
    PlanState plan = opened(1, 16L * MIB);
    Run run = fetch(plan, 1);
    assertEquals(8, run.end());
    plan.apply(new PlanEvent.RunCut(run.id(), 2));
    assertEquals(2, fetch(plan, 1).first());
  }

  @Test
  void aFileWithoutRangesIsOneRunAtATime() {
    PlanState plan = opened(1, 16L * MIB);
    plan.apply(new PlanEvent.RangesIgnored(0));
    Run run = fetch(plan, 8);
    assertEquals(16, run.chunks());
    assertEquals(new Step.Idle(), plan.next(8, MIB));
  }

  @Test
  void spreadsOverFilesSoThatDigestsRunSideBySide() {
    PlanState plan = opened(2, 32L * MIB, 32L * MIB, 32L * MIB);
    assertEquals(0, fetch(plan, 4).file());
    assertEquals(1, fetch(plan, 4).file());
    assertEquals(0, fetch(plan, 4).file());
  }

  @Test
  void smallFilesTakeHalfOfTheConnectionsAtMostWhileThereAreLargeOnes() {
    PlanState plan = opened(1, MIB / 2, MIB / 2, MIB / 2, MIB / 2, 64L * MIB);
    List<Integer> files = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      files.add(fetch(plan, 4).file());
    }
    assertEquals(List.of(0, 1, 4, 4), files);
  }

  @Test
  void whateverHappensEveryChunkIsFetchedAndNoneTwiceAtOnce() {
    qt().withExamples(300)
        .forAll(integers().between(1, 60), integers().between(1, 8), longs().all())
        .checkAssert(PlanStateTest::randomRun);
  }

  private static void randomRun(int chunks, int connections, long seed) {
    Random random = new Random(seed);
    PlanState plan = opened(2, chunks * (long) MIB, MIB / 3, chunks * (long) MIB + 17);
    List<Run> going = new ArrayList<>();
    int steps = 0;
    while (!(plan.whole(0) && plan.whole(1) && plan.whole(2))) {
      assertTrue(steps++ < 100_000, "no end");
      if (going.size() < connections && plan.next(connections, 8L * MIB) instanceof Step.Fetch f) {
        plan.apply(new PlanEvent.RunStarted(f.run()));
        going.add(f.run());
        checkNoOverlap(plan);
        continue;
      }
      Collections.shuffle(going, random);
      Run run = plan.run(going.removeLast().id());
      if (run.chunks() > 1 && random.nextInt(4) == 0) {
        int cut = run.first() + 1 + random.nextInt(run.chunks() - 1);
        plan.apply(new PlanEvent.RunCut(run.id(), cut));
        run = plan.run(run.id());
      }
      int done = random.nextInt(run.chunks() + 1);
      for (int i = 0; i < done; i++) {
        plan.apply(new PlanEvent.ChunkHeld(run.file(), run.first() + i));
      }
      plan.apply(new PlanEvent.RunEnded(run.id()));
    }
  }

  private static void checkNoOverlap(PlanState plan) {
    List<Run> runs = List.copyOf(plan.runs());
    for (Run a : runs) {
      for (Run b : runs) {
        boolean apart = a.end() <= b.first() || b.end() <= a.first();
        assertTrue(a == b || a.file() != b.file() || apart, a + " and " + b);
      }
    }
  }
}
