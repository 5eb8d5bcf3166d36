package dev.exodl.plan;

import static dev.exodl.plan.ChooserNode.bits;
import static dev.exodl.plan.ChooserNode.from;
import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ChunkGrid;
import dev.exodl.plan.sim.Swarms;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SwarmChooserTest {
  private static final int MIB = 1 << 20;

  /** Nodes that all want the same from one take other chunks each. */
  @Test
  void eachOfManyTakesOtherChunksFirst() {
    int places = 64;
    int nodes = 10;
    Set<Integer> taken = new HashSet<>();
    for (int n = 1; n <= nodes; n++) {
      ChooserNode me = new ChooserNode(Swarms.model(1, (long) places * MIB), places, 0);
      me.chooser.self(node(n));
      for (int other = 0; other <= nodes; other++) {
        if (other != n) {
          me.chooser.peer(node(other), Nearness.ZONE);
        }
        me.maps.told(node(other), new SwarmMessage.Have(Swarms.ID, true, List.of(), false));
      }
      me.maps.told(
          node(0),
          new SwarmMessage.Have(
              Swarms.ID,
              true,
              List.of(new SwarmMessage.HeldChunks(0, bits(0, places), List.of())),
              true));
      for (List<Step.Fetch> begun = me.begin(0); !begun.isEmpty(); begun = me.begin(0)) {
        for (int chunk : me.chunks(begun)) {
          assertTrue(taken.add(chunk), "two take chunk " + chunk);
        }
        begun.forEach(f -> me.end(f, true));
      }
    }
    assertEquals(places, taken.size());
  }

  @Test
  void theRarestIsTakenFirst() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 1, 0);
    for (int n = 1; n <= 3; n++) {
      me.chooser.peer(node(n), Nearness.ZONE);
      me.told(node(n), 0, 0, 8);
    }
    me.maps.told(node(3), new SwarmMessage.Have(Swarms.ID, true, List.of(), false));
    me.told(node(3), 0, 0, 5);
    me.told(node(3), 0, 7, 8);
    List<Step.Fetch> begun = me.begin(0);
    assertEquals(1, begun.size());
    assertEquals(Set.of(5, 6), me.chunks(begun), "with the one beside it");
  }

  @Test
  void nearBeforeFar() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 1, 0);
    for (Nearness nearness : Nearness.values()) {
      me.chooser.peer(node(9 - nearness.steps()), nearness);
    }
    for (int n : List.of(6, 7, 8, 9)) {
      me.told(node(n), 0, 0, 8);
      Step.Fetch fetch = me.begin(0).getFirst();
      assertEquals(from(n), fetch.origin());
      me.end(fetch, false);
    }
    me.chooser.trouble(node(9), 0);
    assertEquals(from(8), me.begin(1).getFirst().origin(), "whoever has troubles is left alone");
  }

  @Test
  void whatAPeerHoldsIsNotFetchedFromTheHub() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 0, 4);
    me.chooser.peer(node(1), Nearness.ZONE);
    me.told(node(1), 0, 0, 6);
    me.chooser.lease(List.of(new ChunkRun(0, 0, 8)));
    assertTrue(me.chooser.lacks(me.plan));
    List<Step.Fetch> begun = me.begin(0);
    assertEquals(Set.of(6, 7), me.chunks(begun));
    assertEquals(List.of(new ChunkRun(0, 0, 8)), me.chooser.holding(me.plan));
    assertEquals(6L * MIB, me.chooser.leasedAhead(me.plan));
    me.told(node(1), 0, 6, 8);
    assertFalse(me.chooser.lacks(me.plan));
    me.chooser.peerGone(node(1));
    me.maps.gone(node(1));
    begun.forEach(f -> me.end(f, true));
    for (int i = 0; i < 3; i++) {
      me.begin(0).forEach(f -> me.end(f, true));
    }
    assertTrue(me.plan.whole(0), "it left: the hub has it");
  }

  @Test
  void aRevokedChunkIsNotBegun() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 0, 4);
    me.chooser.lease(List.of(new ChunkRun(0, 0, 8), new ChunkRun(0, 3, 99), new ChunkRun(7, 0, 1)));
    me.chooser.revoke(
        me.plan, List.of(new ChunkRun(0, 2, 8), new ChunkRun(0, 3, 99), new ChunkRun(7, 0, 1)));
    assertEquals(Set.of(0, 1), me.chunks(me.begin(0)));
  }

  @Test
  void whoseHubFailsKeepsTheLeasesOfChunksUnderWay() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 0, 1);
    me.chooser.lease(List.of(new ChunkRun(0, 0, 8)));
    assertEquals(Set.of(0, 1, 2, 3), me.chunks(me.begin(0)));
    assertTrue(me.chooser.dropLeases(me.plan));
    assertEquals(List.of(new ChunkRun(0, 0, 4)), me.chooser.holding(me.plan));
    assertFalse(me.chooser.dropLeases(me.plan), "nothing to tell");
  }

  @Test
  void whatIsUnderWayIsNotGivenBack() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 0, 1);
    List<ChunkRun> all = List.of(new ChunkRun(0, 0, 8));
    me.chooser.lease(all);
    assertEquals(Set.of(0, 1, 2, 3), me.chunks(me.begin(0)));
    assertTrue(me.chooser.revoke(me.plan, all));
    assertEquals(List.of(new ChunkRun(0, 0, 4)), me.chooser.holding(me.plan));
    assertFalse(me.chooser.revoke(me.plan, all), "nothing to tell");
  }

  /** Nodes of one host, with somebody outside who has all. */
  private static List<ChooserNode> mates(int count, Nearness apart, Nearness outside) {
    List<ChooserNode> mates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ChooserNode mate = new ChooserNode(Swarms.model(1, 60L * MIB), 100, 0);
      mate.chooser.self(node(i));
      for (int other = 0; other < count; other++) {
        if (other != i) {
          mate.chooser.peer(node(other), apart);
          mate.told(node(other), 0, 0, 0);
        }
      }
      for (int seed = 100; seed < 160; seed++) {
        mate.chooser.peer(node(seed), outside);
        mate.told(node(seed), 0, 0, 60);
      }
      mates.add(mate);
    }
    return mates;
  }

  private static void takenOnce(List<ChooserNode> mates) {
    List<Integer> all = new ArrayList<>();
    for (ChooserNode mate : mates) {
      Set<Integer> own = mate.chunks(mate.begin(0));
      assertTrue(own.size() > 5, "each takes a part: " + own);
      all.addAll(own);
    }
    assertEquals(60, all.size());
    assertEquals(60, new HashSet<>(all).size());
  }

  @Test
  void nodesOfOneHostTakeEachChunkFromOutsideOnce() {
    takenOnce(mates(4, Nearness.HOST, Nearness.SUBNET));
    takenOnce(mates(4, Nearness.HOST, Nearness.FAR));
  }

  @Test
  void nodesOfOneZoneTakeEachChunkFromOtherZonesOnce() {
    takenOnce(mates(4, Nearness.ZONE, Nearness.FAR));
    takenOnce(mates(4, Nearness.SUBNET, Nearness.FAR));
  }

  @Test
  void whatAMateHoldsIsTakenFromIt() {
    ChooserNode me = mates(2, Nearness.HOST, Nearness.ZONE).getFirst();
    me.told(node(1), 0, 0, 60);
    for (Step.Fetch fetch : me.begin(0)) {
      assertEquals(from(1), fetch.origin());
    }
  }

  @Test
  void nobodyWaitsForAMateLongerThanSomeSeconds() {
    ChooserNode me = mates(2, Nearness.HOST, Nearness.ZONE).getFirst();
    int own = me.chunks(me.begin(1)).size();
    assertTrue(own < 60);
    assertEquals(0, me.begin(SwarmChooser.WAIT_MILLIS - 1).size());
    assertEquals(60 - own, me.chunks(me.begin(SwarmChooser.WAIT_MILLIS + 1)).size());
  }

  @Test
  void nobodyWaitsForAMateThatLeftOrWantsNothing() {
    ChooserNode me = mates(2, Nearness.HOST, Nearness.ZONE).getFirst();
    int own = me.chunks(me.begin(0)).size();
    me.maps.told(node(1), new SwarmMessage.Have(Swarms.ID, false, List.of(), true));
    assertEquals(60 - own, me.chunks(me.begin(1)).size());

    ChooserNode other = mates(2, Nearness.HOST, Nearness.ZONE).getFirst();
    own = other.chunks(other.begin(0)).size();
    other.chooser.peerGone(node(1));
    other.maps.gone(node(1));
    assertEquals(60 - own, other.chunks(other.begin(1)).size());
  }

  @Test
  void aPartThatIsCutInAnotherWayIsFetchedWhole() {
    for (int own : List.of(1, 4, 16)) {
      List<Entry> entries = Swarms.model(1, (9L << 30) + 5);
      ChooserNode me = new ChooserNode(entries, 4, 0);
      assertEquals(4 * MIB, me.blobs.chunkSize());
      me.chooser.peer(node(1), Nearness.ZONE);
      me.told(node(1), 0, 0, 100);
      ChunkGrid grid = new ChunkGrid((9L << 30) + 5, own * MIB);
      me.open(0, grid, new BitSet());
      int held = 0;
      for (int i = 0; i < 500; i++) {
        for (Step.Fetch fetch : me.begin(i)) {
          held += fetch.run().chunks();
          assertTrue(grid.start(fetch.run().end()) <= 400L * MIB, "the peer has it");
          me.end(fetch, true);
        }
      }
      assertEquals(400 / own, held, "of chunks of " + own + " MiB");
    }
  }

  @Test
  void smallFilesAreOpenedAFewAtATimeAndAllFetched() {
    ChooserNode me = new ChooserNode(Swarms.model(500, 1000), 6, 2);
    me.chooser.peer(node(1), Nearness.ZONE);
    me.chooser.peer(node(2), Nearness.ZONE);
    for (int blob = 0; blob < 400; blob++) {
      me.told(node(1 + blob / 200), blob, 0, 1);
    }
    me.chooser.lease(IntStream.range(400, 500).mapToObj(blob -> new ChunkRun(blob, 0, 1)).toList());
    int opened = 0;
    int fetched = 0;
    List<Step.Fetch> running = new ArrayList<>();
    for (int i = 0; i < 5000 && fetched < 500; i++) {
      switch (me.chooser.next(me.plan, i)) {
        case Step.Open open -> {
          me.open(open.file(), me.blobs.grid(open.file()), new BitSet());
          opened++;
        }
        case Step.Fetch fetch -> {
          me.plan.apply(new PlanEvent.RunStarted(fetch.run()));
          running.add(fetch);
        }
        case Step.Idle idle -> {
          Step.Fetch done = running.removeFirst();
          me.end(done, true);
          me.plan.apply(new PlanEvent.FileGone(done.run().file()));
          fetched++;
        }
      }
      assertTrue(opened - fetched - running.size() <= 16, "opened before their turn");
    }
    assertEquals(500, fetched);
  }

  @Test
  void aStepThatWasNotTakenIsProposedAgain() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 4 * MIB), 1, 0);
    me.chooser.peer(node(1), Nearness.ZONE);
    me.told(node(1), 0, 0, 4);
    me.open(0, me.blobs.grid(0), new BitSet());
    for (int i = 0; i < 10; i++) {
      assertTrue(me.chooser.next(me.plan, i) instanceof Step.Fetch);
    }
  }

  @Test
  void aPullIsStoppedWhenAnotherPeerWouldBeMuchFaster() {
    ChooserNode me = new ChooserNode(Swarms.model(2, 4 * MIB), 2, 0);
    me.chooser.peer(node(1), Nearness.ZONE);
    me.chooser.peer(node(2), Nearness.ZONE);
    me.told(node(1), 0, 0, 4);
    Step.Fetch slow = me.begin(0).getFirst();
    me.told(node(2), 1, 0, 4);
    Step.Fetch fast = me.begin(0).getFirst();
    me.end(fast, true);
    me.begin(100);
    assertEquals(List.of(), me.chooser.tooSlow(me.plan, 60_000), "nobody else has it");
    me.told(node(2), 0, 0, 4);
    assertEquals(List.of(), me.chooser.tooSlow(me.plan, 800), "it is not slow yet");
    assertEquals(List.of(slow.run().id()), me.chooser.tooSlow(me.plan, 3000));
    me.end(slow, false);
    assertEquals(from(2), me.begin(3000).getFirst().origin());
  }

  /** Others fetched it too, as nothing came of it for long. */
  @Test
  void whatDripsFromTheHubIsTakenFromAPeerThatHasItByNow() {
    ChooserNode me = new ChooserNode(Swarms.model(2, 4 * MIB), 2, 1);
    me.chooser.lease(List.of(new ChunkRun(0, 0, 4)));
    Step.Fetch drips = me.begin(0).getFirst();
    me.chooser.peer(node(1), Nearness.ZONE);
    me.told(node(1), 1, 0, 4);
    me.end(me.begin(0).getFirst(), true);
    me.begin(100);
    me.plan.apply(new PlanEvent.ChunkHeld(0, 0));
    me.told(node(1), 0, 0, 1);
    me.told(node(1), 0, 2, 4);
    assertEquals(List.of(), me.chooser.tooSlow(me.plan, 60_000), "nobody has the one that drips");
    me.told(node(1), 0, 1, 2);
    assertEquals(List.of(), me.chooser.tooSlow(me.plan, 600), "it does not drip yet");
    assertEquals(List.of(drips.run().id()), me.chooser.tooSlow(me.plan, 3000));
    me.end(drips, false);
    assertEquals(from(1), me.begin(3000).getFirst().origin());
  }

  @Test
  void whatPeersHoldBackIsNotTakenFromTheHubsStreams() {
    ChooserNode me = new ChooserNode(Swarms.model(2, 4 * MIB), 2, 1);
    me.chooser.peer(node(1), Nearness.ZONE);
    me.told(node(1), 1, 0, 4);
    me.end(me.begin(0).getFirst(), true);
    me.begin(100);
    me.chooser.fromHubOnly(me.plan, 0, bits(0, 4));
    assertEquals(Origin.HUB, me.begin(100).getFirst().origin());
    me.told(node(1), 0, 0, 4);
    assertEquals(List.of(), me.chooser.tooSlow(me.plan, 60_000));
  }

  @Test
  void aChunkThatTurnedOutBadIsFetchedAgain() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 4, 0);
    me.chooser.peer(node(1), Nearness.ZONE);
    me.told(node(1), 0, 0, 8);
    for (int i = 0; i < 8; i++) {
      me.begin(0).forEach(f -> me.end(f, true));
    }
    assertTrue(me.plan.whole(0));
    me.plan.apply(new PlanEvent.ChunkLost(0, 3));
    assertEquals(Set.of(3), me.chunks(me.begin(1)));
  }

  private static Set<Integer> fromHub(ChooserNode me, int most) {
    me.open(0, me.blobs.grid(0), new BitSet());
    me.chooser.fromHubOnly(me.plan, most, false);
    return me.chunks(me.begin(0));
  }

  @Test
  void whatPeersHoldBackComesFromTheHubNotWhatOthersHaveToFetch() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 64 * MIB), 0, 64);
    me.told(node(1), 0, 60, 64);
    assertEquals(Set.of(60, 61, 62, 63), fromHub(me, 8), "the others are leased to somebody");
  }

  @Test
  void notAllNodesFetchTheSameOfWhatIsHeldBack() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 64 * MIB), 0, 64);
    me.told(node(1), 0, 0, 64);
    Set<Integer> some = fromHub(me, 8);
    assertEquals(8, some.size());
    assertNotEquals(IntStream.range(0, 8).boxed().collect(Collectors.toSet()), some);
  }

  @Test
  void aSmallFileThatIsHeldBackIsOpenedForTheHub() {
    ChooserNode me = new ChooserNode(Swarms.model(3, 1000), 4, 4);
    me.told(node(1), 1, 0, 1);
    assertEquals(List.of(), me.begin(0), "its holder is busy");
    me.chooser.fromHubOnly(me.plan, 8, false);
    List<Step.Fetch> begun = me.begin(0);
    assertEquals(Set.of(me.blobs.place(1)), me.chunks(begun));
    assertEquals(Origin.HUB, begun.getFirst().origin());
  }

  @Test
  void whatWasToComeFromTheHubComesFromPeersWhenThatIsGone() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 4, 0);
    me.told(node(1), 0, 0, 8);
    assertEquals(Set.of(), fromHub(me, 8));
    me.chooser.peer(node(1), Nearness.ZONE);
    assertEquals(List.of(), me.begin(1), "the hub is to give it");
    me.chooser.hubGives(false);
    for (int i = 2; i < 10; i++) {
      me.begin(i).forEach(f -> me.end(f, true));
    }
    assertTrue(me.plan.whole(0));
  }

  @Test
  void whatTurnedOutBadComesFromThePeersAgainWhenTheHubIsGone() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 4, 0);
    me.chooser.peer(node(1), Nearness.ZONE);
    me.told(node(1), 0, 0, 8);
    me.open(0, me.blobs.grid(0), new BitSet());
    me.chooser.fromHubOnly(me.plan, 0, bits(2, 5));
    Set<Integer> pulled = new HashSet<>();
    for (int i = 0; i < 8; i++) {
      List<Step.Fetch> begun = me.begin(i);
      pulled.addAll(me.chunks(begun));
      begun.forEach(f -> me.end(f, true));
    }
    assertEquals(Set.of(0, 1, 5, 6, 7), pulled);
    me.chooser.hubGives(false);
    assertEquals(Set.of(2, 3, 4), me.chunks(me.begin(10)));
  }

  @Test
  void whoEncryptsLacksWhatOnlyOthersHold() {
    ChooserNode me = new ChooserNode(Swarms.model(1, 8 * MIB), 2, 4);
    me.maps.encrypts(node(9), true);
    me.maps.encrypts(node(1), true);
    me.chooser.self(node(9));
    me.chooser.peer(node(1), Nearness.ZONE);
    me.told(node(1), 0, 0, 4);
    me.told(node(2), 0, 0, 8);
    assertTrue(me.chooser.lacks(me.plan));
    assertEquals(Set.of(0, 1, 2, 3), me.chunks(me.begin(0)));
    me.chooser.lease(List.of(new ChunkRun(0, 4, 8)));
    List<Step.Fetch> fromHub = me.begin(1);
    assertTrue(fromHub.stream().allMatch(f -> f.origin() instanceof Origin.Hub), "" + fromHub);
    assertEquals(Set.of(4, 5, 6, 7), me.chunks(fromHub));
  }

  @Test
  void whatAnotherProcessFetchesIsNeitherAskedForNorKept() {
    ChooserNode me = new ChooserNode(Swarms.model(2, 16 * MIB), 4, 4);
    me.chooser.lease(List.of(new ChunkRun(0, 0, 4), new ChunkRun(1, 2, 4)));
    me.plan.apply(new PlanEvent.FileOpening(0));
    assertFalse(me.chooser.dropLeasesOf(me.chooser.elsewhere(me.plan)), "not known yet");
    me.plan.apply(new PlanEvent.FileWaiting(0));
    assertEquals(bits(0, 1), me.chooser.elsewhere(me.plan));
    assertTrue(me.chooser.dropLeasesOf(me.chooser.elsewhere(me.plan)));
    assertFalse(me.chooser.dropLeasesOf(me.chooser.elsewhere(me.plan)), "they are given back once");
    assertEquals(List.of(new ChunkRun(1, 2, 4)), me.chooser.holding(me.plan));
    me.plan.apply(new PlanEvent.FileGone(1));
    assertFalse(me.chooser.lacks(me.plan), "the rest is the other one's affair");
    me.open(0, me.blobs.grid(0), new BitSet());
    assertTrue(me.chooser.lacks(me.plan), "the other one is gone");
    assertEquals(new BitSet(), me.chooser.elsewhere(me.plan));
  }
}
