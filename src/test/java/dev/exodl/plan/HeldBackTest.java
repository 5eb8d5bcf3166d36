package dev.exodl.plan;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is not to be had from who holds it, as it says: one file of 64 chunks. */
class HeldBackTest {
  private static final int CHUNKS = 64;
  private static final List<Entry> MODEL = Swarms.model(1, (long) CHUNKS << 20);

  private final SwarmBlobs blobs = new SwarmBlobs(MODEL);
  private final HaveMaps maps = new HaveMaps(blobs);
  private final PlanState plan =
      new PlanState(MODEL.stream().map(Entry::size).toList(), blobs.chunkSize(), 4);
  private final SwarmChooser chooser =
      new SwarmChooser(blobs, maps, List.of(0), 4, CHUNKS, new Random(1));

  private List<Step.Fetch> begin(long now) {
    List<Step.Fetch> begun = new ArrayList<>();
    while (true) {
      switch (chooser.next(plan, now)) {
        case Step.Open open -> {
          plan.apply(new PlanEvent.FileOpening(0));
          plan.apply(new PlanEvent.FileOpened(0, blobs.grid(0), new BitSet()));
        }
        case Step.Fetch fetch -> {
          plan.apply(new PlanEvent.RunStarted(fetch.run()));
          begun.add(fetch);
        }
        case Step.Idle idle -> {
          return begun;
        }
      }
    }
  }

  private static int chunks(List<Step.Fetch> begun) {
    return begun.stream().mapToInt(f -> f.run().end() - f.run().first()).sum();
  }

  private void end(Step.Fetch fetch, boolean came) {
    for (int c = fetch.run().first(); came && c < fetch.run().end(); c++) {
      plan.apply(new PlanEvent.ChunkHeld(0, c));
    }
    plan.apply(new PlanEvent.RunEnded(fetch.run().id()));
  }

  private void allIsHeldByOne() {
    BitSet all = new BitSet();
    all.set(0, CHUNKS);
    maps.told(
        node(1),
        new SwarmMessage.Have(
            Swarms.ID, true, List.of(new SwarmMessage.HeldChunks(0, all, List.of())), true));
    chooser.peer(node(1), Nearness.ZONE);
  }

  @Test
  void whatNobodyHoldsAnyMoreComesFromTheHubWhereNobodyLeasesIt() {
    begin(0);
    int came = 0;
    while (came < CHUNKS) {
      chooser.fromHubOnly(plan, 8, false);
      assertEquals(List.of(), begin(came), "somebody has a lease for it, or will have");
      chooser.fromHubOnly(plan, 8, true);
      List<Step.Fetch> begun = begin(came);
      assertEquals(8, chunks(begun), "as many as did not come yet");
      chooser.fromHubOnly(plan, 8, true);
      assertEquals(List.of(), begin(came), "so many are on their way");
      assertTrue(chooser.isFromHubOnly(0, begun.getFirst().run().first()));
      begun.forEach(f -> end(f, true));
      came += chunks(begun);
    }
    assertTrue(plan.whole(0));
  }

  @Test
  void whoGivesNextToNothingIsLeftAloneForLongerEachTimeWhileTheHubGives() {
    allIsHeldByOne();
    long now = 0;
    for (long millis = 30_000; millis <= 480_000; millis *= 2) {
      List<Step.Fetch> begun = begin(now);
      assertTrue(begun.size() > 1, "several pulls");
      for (Step.Fetch pull : begun) {
        chooser.crawls(node(1), now);
        chooser.trouble(node(1), now);
        end(pull, false);
      }
      assertEquals(List.of(), begin(now + millis - 1));
      now += millis;
    }
    assertTrue(chunks(begin(now)) > 0);
  }

  @Test
  void whatIsLeasedAndHeldByOneWhoGivesNextToNothingComesFromTheHub() {
    allIsHeldByOne();
    chooser.lease(List.of(new ChunkRun(0, 0, 2)));
    begin(0).forEach(f -> end(f, false));
    chooser.crawls(node(1), 0);
    List<Step.Fetch> begun = begin(1);
    assertEquals(2, chunks(begun));
    assertTrue(begun.stream().allMatch(f -> f.origin().equals(Origin.HUB)));
    assertTrue(chooser.fetchesLeased(plan));
  }

  @Test
  void whoGivesNextToNothingIsAskedWhereThereIsNoHub() {
    allIsHeldByOne();
    begin(0).forEach(f -> end(f, false));
    chooser.crawls(node(1), 0);
    chooser.hubGives(false);
    assertTrue(chunks(begin(1)) > 0);
  }
}
