package dev.exodl.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.ChunkBits;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.SwarmBlobs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class FreeChunksTest implements WithQuickTheories {
  private static final int MIB = 1 << 20;

  @Test
  void followingAPlanSeesWhatALookAtAllOfItSees() {
    qt().withExamples(300).forAll(longs().all()).checkAssert(FreeChunksTest::follows);
  }

  private static void follows(long seed) {
    Random random = new Random(seed);
    List<Entry> entries = new ArrayList<>(Swarms.model(3, 30L * MIB + 5));
    for (int i = 0; i < 6; i++) {
      entries.add(new Entry("small-" + i, 1000, new BlobId.Sha256(String.format("f%063x", i))));
    }
    SwarmBlobs blobs = new SwarmBlobs(entries);
    PlanState plan = new PlanState(entries.stream().map(Entry::size).toList(), MIB, 4);
    int[] numbers = new int[entries.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextInt(8) == 0 ? -1 : blobs.number(entries.get(i).blob()).orElseThrow();
    }
    FreeChunks followed = chunks(blobs, numbers, plan);
    plan.watch(followed);
    for (int step = 0; step < 200; step++) {
      happens(random, plan, entries);
      FreeChunks seen = chunks(blobs, numbers, plan);
      same(blobs, seen.free, followed.free, "free");
      same(blobs, seen.held, followed.held, "held");
      same(blobs, seen.pending, followed.pending, "pending");
      same(blobs, seen.closed, followed.closed, "closed");
      same(blobs, seen.sequential, followed.sequential, "sequential");
      assertEquals(seen.ahead(), followed.ahead());
    }
  }

  private static FreeChunks chunks(SwarmBlobs blobs, int[] numbers, PlanState plan) {
    Peers peers = new Peers(new HaveMaps(blobs), new Random(1));
    return new FreeChunks(blobs, numbers, new Streams(peers, new ChunkBits(blobs.places())), plan);
  }

  private static void same(SwarmBlobs blobs, ChunkBits seen, ChunkBits followed, String what) {
    for (int place = 0; place < blobs.places(); place++) {
      assertTrue(seen.get(place) == followed.get(place), what + " at " + place);
    }
  }

  /** Something that a fetch may do next. */
  private static void happens(Random random, PlanState plan, List<Entry> entries) {
    int number = random.nextInt(entries.size());
    FilePlan file = plan.file(number);
    switch (file.stage) {
      case CLOSED -> plan.apply(new PlanEvent.FileOpening(number));
      case OPENING, WAITING -> {
        if (random.nextInt(4) == 0) {
          plan.apply(new PlanEvent.FileWaiting(number));
        } else {
          ChunkGrid grid = new ChunkGrid(file.size, MIB << 2 * random.nextInt(2));
          BitSet have = BitSet.valueOf(new long[] {random.nextLong()});
          have.clear(grid.count(), 64);
          plan.apply(new PlanEvent.FileOpened(number, grid, have));
        }
      }
      case OPEN -> open(random, plan, file);
      case GONE -> {}
    }
  }

  private static void open(Random random, PlanState plan, FilePlan file) {
    List<Run> runs = plan.runs().stream().filter(r -> r.file() == file.number).toList();
    int first = file.firstFree(random.nextInt(file.grid().count()));
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        if (first >= 0) {
          int end = file.endOfFree(first, 1 + random.nextInt(5));
          plan.apply(new PlanEvent.RunStarted(plan.run(file, first, end)));
        }
      }
      case 3, 4 -> {
        if (!runs.isEmpty()) {
          Run run = runs.getFirst();
          plan.apply(
              new PlanEvent.ChunkHeld(file.number, run.first() + random.nextInt(run.chunks())));
        }
      }
      case 5 -> {
        if (!runs.isEmpty()) {
          plan.apply(new PlanEvent.RunEnded(runs.getLast().id()));
        }
      }
      case 6 -> {
        if (!runs.isEmpty() && runs.getLast().chunks() > 1) {
          Run run = runs.getLast();
          plan.apply(new PlanEvent.RunCut(run.id(), run.first() + 1));
        }
      }
      default -> {
        int held = file.have.nextSetBit(0);
        if (held >= 0) {
          plan.apply(new PlanEvent.ChunkLost(file.number, held));
        }
        if (random.nextInt(20) == 0) {
          plan.apply(new PlanEvent.RangesIgnored(file.number));
        }
        if (random.nextInt(20) == 0 && runs.isEmpty()) {
          plan.apply(new PlanEvent.FileGone(file.number));
        }
      }
    }
  }
}
