package dev.exodl.plan.swarm;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.NodeId;
import dev.exodl.plan.sim.Swarms;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class LeasePlanTest implements WithQuickTheories {
  private static final long MIB = 1 << 20;

  private final SwarmBlobs blobs = new SwarmBlobs(Swarms.model(2, 40 * MIB));
  private final HaveMaps maps = new HaveMaps(blobs);
  private final LeasePlan leases = new LeasePlan(blobs, maps, TellPolicy.of(1));

  private static final BitSet WANTED = BitSet.valueOf(new long[] {3});

  private static SwarmMessage.AskLease ask(long rate, boolean more, List<ChunkRun> holding) {
    return new SwarmMessage.AskLease(Swarms.ID, WANTED, holding, rate, more);
  }

  private static void held(HaveMaps maps, NodeId node, int blob, int first, int end) {
    BitSet bits = new BitSet();
    bits.set(first, end);
    maps.told(
        node,
        new SwarmMessage.Have(
            Swarms.ID, false, List.of(new SwarmMessage.HeldChunks(blob, bits, List.of())), false));
  }

  private static List<ChunkRun> sorted(List<ChunkRun> runs) {
    return runs.stream().sorted(Comparator.comparing(ChunkRun::first).reversed()).toList();
  }

  private static int chunks(List<ChunkRun> runs) {
    return runs.stream().mapToInt(ChunkRun::chunks).sum();
  }

  @Test
  void aFasterNodeGetsMoreAndAllGetAdjacentChunks() {
    List<ChunkRun> slow = leases.asked(node(1), ask(MIB, true, List.of()), 2, 0).grant();
    List<ChunkRun> fast = leases.asked(node(2), ask(5 * MIB, true, List.of()), 2, 0).grant();
    List<ChunkRun> unknown = leases.asked(node(3), ask(0, true, List.of()), 2, 0).grant();
    assertEquals(List.of(new ChunkRun(0, 0, 2)), slow);
    assertEquals(List.of(new ChunkRun(0, 2, 12)), fast);
    assertEquals(List.of(new ChunkRun(0, 12, 16)), unknown);
  }

  @Test
  void whoTookOverLeasesTheLastChunksFirst() {
    leases.fromTheEnd(true);
    held(maps, node(7), 1, 30, 39);
    assertEquals(
        List.of(new ChunkRun(1, 39, 40), new ChunkRun(1, 21, 30)),
        sorted(leases.asked(node(1), ask(5 * MIB, true, List.of()), 2, 0).grant()));
    SwarmMessage.AskLease first =
        new SwarmMessage.AskLease(
            Swarms.ID, BitSet.valueOf(new long[] {1}), List.of(), 5 * MIB, true);
    assertEquals(List.of(new ChunkRun(0, 30, 40)), leases.asked(node(2), first, 2, 0).grant());
    List<ChunkRun> all = new ArrayList<>();
    for (int i = 3; i < 100; i++) {
      all.addAll(leases.asked(node(i), ask(5 * MIB, true, List.of()), 2, 0).grant());
    }
    assertEquals(80 - 9 - 10 - 10, chunks(all), "in the end all");
    assertEquals(0, all.stream().mapToInt(r -> r.blob() * 40 + r.first()).min().orElseThrow());
  }

  @Test
  void leasesShrinkTowardsTheEnd() {
    List<Integer> sizes = new ArrayList<>();
    List<ChunkRun> holding = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      List<ChunkRun> grant =
          leases.asked(node(1), ask(50 * MIB, true, List.copyOf(holding)), 2, i).grant();
      holding.addAll(grant);
      sizes.add(chunks(grant));
    }
    assertEquals(20, sizes.getFirst());
    assertEquals(1, sizes.get(12));
    for (int i = 1; i < sizes.size(); i++) {
      assertTrue(sizes.get(i) <= sizes.get(i - 1), sizes.toString());
    }
  }

  /** Only the second half of the first blob is left, and two nodes fetch it. */
  private LeasePlan.Answer anIdleNodeComes() {
    held(maps, node(9), 1, 0, 40);
    held(maps, node(9), 0, 0, 20);
    leases.asked(node(1), ask(MIB, false, List.of(new ChunkRun(0, 20, 30))), 2, 0);
    leases.asked(node(2), ask(20 * MIB, false, List.of(new ChunkRun(0, 30, 40))), 2, 0);
    return leases.asked(node(3), ask(20 * MIB, true, List.of()), 3, 0);
  }

  @Test
  void anIdleNodeTakesOverTheTailOfTheSlowestLeaseWhenItIsGivenBack() {
    LeasePlan.Answer answer = anIdleNodeComes();
    assertEquals(List.of(), answer.grant(), "it may have been begun just now");
    assertEquals(Map.of(node(1), List.of(new ChunkRun(0, 24, 30))), answer.taken());
    // What it told before it was asked to give something back says nothing.
    assertEquals(
        Map.of(),
        leases.asked(node(1), ask(MIB, false, List.of(new ChunkRun(0, 20, 30))), 3, 90).passed());
    answer = leases.asked(node(3), ask(20 * MIB, true, List.of()), 3, 95);
    assertEquals(List.of(), answer.grant());
    assertEquals(Map.of(), answer.taken(), "it was asked already");
    // It begins with one more just then, and does not want it for itself what it gives back.
    answer = leases.asked(node(1), ask(MIB, true, List.of(new ChunkRun(0, 20, 25))), 3, 100);
    assertEquals(Map.of(node(3), List.of(new ChunkRun(0, 25, 30))), answer.passed());
    assertEquals(List.of(), answer.grant());
    assertEquals(List.of(), answer.revoke());
    // Who lost it hears it also when it tells it as its own.
    assertEquals(
        List.of(new ChunkRun(0, 25, 30)),
        leases.asked(node(1), ask(MIB, false, List.of(new ChunkRun(0, 20, 30))), 3, 200).revoke());
  }

  @Test
  void whoHangsIsNotWaitedForAndItsTailIsTaken() {
    anIdleNodeComes();
    int later = Takeover.ANSWER_MILLIS;
    LeasePlan.Answer early = leases.asked(node(3), ask(20 * MIB, true, List.of()), 3, later - 1);
    assertEquals(List.of(), early.grant());
    LeasePlan.Answer answer = leases.asked(node(3), ask(20 * MIB, true, List.of()), 3, later);
    assertEquals(Map.of(node(1), answer.grant()), answer.taken());
    assertEquals(30, answer.grant().getLast().end());
  }

  @Test
  void whatIsGivenBackForOneThatLeftMeanwhileIsFree() {
    anIdleNodeComes();
    leases.retain(Set.of(node(1), node(2), node(4)));
    assertEquals(
        Map.of(),
        leases.asked(node(1), ask(MIB, false, List.of(new ChunkRun(0, 20, 24))), 3, 100).passed());
    assertEquals(
        List.of(new ChunkRun(0, 24, 27)),
        leases.asked(node(4), ask(20 * MIB, true, List.of()), 1, 110).grant());
  }

  @Test
  void nothingIsTakenThatWouldSoonBeThere() {
    held(maps, node(9), 1, 0, 40);
    leases.asked(node(1), ask(100 * MIB, false, List.of(new ChunkRun(0, 0, 40))), 2, 0);
    assertEquals(Map.of(), leases.asked(node(3), ask(MIB, true, List.of()), 3, 0).taken());
  }

  @Test
  void theOneChunkOfAStuckNodeIsTakenByAMuchFasterOne() {
    held(maps, node(9), 1, 0, 40);
    held(maps, node(9), 0, 0, 39);
    leases.asked(node(1), ask(MIB, false, List.of(new ChunkRun(0, 39, 40))), 2, 0);
    assertEquals(Map.of(), leases.asked(node(3), ask(MIB, true, List.of()), 2, 8000).taken());
    List<ChunkRun> last = List.of(new ChunkRun(0, 39, 40));
    LeasePlan.Answer answer = leases.asked(node(3), ask(MIB, true, List.of()), 2, 12_001);
    assertEquals(List.of(), answer.grant(), "perhaps it waits, and can give it back");
    assertEquals(Map.of(node(1), last), answer.taken());
    leases.asked(node(1), ask(MIB, false, last), 2, 12_100);
    int later = 12_001 + Takeover.ANSWER_MILLIS;
    assertEquals(last, leases.asked(node(3), ask(MIB, true, List.of()), 2, later).grant());
  }

  @Test
  void theOneChunkOfANodeThatWaitsIsPassedOn() {
    held(maps, node(9), 1, 0, 40);
    held(maps, node(9), 0, 0, 39);
    leases.asked(node(1), ask(MIB, false, List.of(new ChunkRun(0, 39, 40))), 2, 0);
    leases.asked(node(3), ask(MIB, true, List.of()), 2, 12_001);
    assertEquals(
        Map.of(node(3), List.of(new ChunkRun(0, 39, 40))),
        leases.asked(node(1), ask(MIB, false, List.of()), 2, 12_100).passed());
  }

  @Test
  void whatCameIsSeenInTheMapsThoughNobodySaysSo() {
    held(maps, node(9), 1, 0, 40);
    held(maps, node(9), 0, 0, 30);
    List<ChunkRun> own = List.of(new ChunkRun(0, 30, 40));
    leases.asked(
        node(1), new SwarmMessage.AskLease(Swarms.ID, WANTED, own, 4, 0, MIB, false), 2, 0);
    // The coordinator's own: no message says that these came.
    held(maps, node(1), 0, 30, 36);
    assertEquals(
        Map.of(),
        leases.asked(node(2), ask(20 * MIB, true, List.of()), 2, 6000).taken(),
        "all four that are left were begun");
    // Nor is a lease over of which something came.
    held(maps, node(1), 0, 36, 37);
    int late = 6000 + LeasePlan.LEASE_MILLIS + 1;
    assertEquals(List.of(), leases.asked(node(2), ask(MIB, true, List.of()), 2, late).grant());
  }

  @Test
  void whoGoesOnAfterItsLeaseWasOverDoesNotFreeWhatOthersGot() {
    held(maps, node(9), 1, 0, 40);
    held(maps, node(9), 0, 0, 36);
    leases.asked(node(1), ask(MIB, false, List.of(new ChunkRun(0, 36, 40))), 3, 0);
    int late = LeasePlan.LEASE_MILLIS + 1;
    List<ChunkRun> others = leases.asked(node(2), ask(MIB, true, List.of()), 1, late).grant();
    assertEquals(List.of(new ChunkRun(0, 36, 38)), others);
    held(maps, node(1), 0, 38, 39);
    leases.progressed(node(1), late + 10);
    leases.asked(node(1), ask(MIB, false, List.of()), 3, late + 20);
    assertEquals(
        List.of(new ChunkRun(0, 39, 40)),
        leases.asked(node(3), ask(20 * MIB, true, List.of()), 1, late + 30).grant());
  }

  @Test
  void aLeaseOfASlowNodeLastsAsLongAsAChunkNeeds() {
    SwarmBlobs large = new SwarmBlobs(Swarms.model(4, 128L << 30));
    LeasePlan plan = new LeasePlan(large, new HaveMaps(large), TellPolicy.of(1));
    BitSet wanted = new BitSet();
    wanted.set(0, 4);
    SwarmMessage.AskLease slow = new SwarmMessage.AskLease(Swarms.ID, wanted, List.of(), MIB, true);
    LeasePlan.Answer answer = plan.asked(node(1), slow, 1, 0);
    assertEquals(1, chunks(answer.grant()));
    assertEquals(128_000, answer.millis(), "twice what 64 MiB need");
  }

  @Test
  void whatIsHeldByNowIsRevoked() {
    List<ChunkRun> holding = List.of(new ChunkRun(0, 0, 4));
    leases.asked(node(1), ask(MIB, false, holding), 2, 0);
    held(maps, node(2), 0, 1, 3);
    assertEquals(
        List.of(new ChunkRun(0, 1, 3)),
        leases.asked(node(1), ask(MIB, false, holding), 2, 10).revoke());
  }

  @Test
  void whatANodeHeldThatLeftIsLeasedWhenOthersHadTimeToTellThatTheyHoldIt() {
    LeasePlan plan = new LeasePlan(blobs, maps, TellPolicy.of(140));
    held(maps, node(1), 0, 0, 40);
    held(maps, node(1), 1, 0, 38);
    maps.retain(Set.of());
    assertEquals(
        List.of(new ChunkRun(1, 38, 39)),
        plan.asked(node(2), ask(0, true, List.of()), 1, 1000).grant());
    held(maps, node(3), 0, 0, 40);
    plan.asked(node(2), ask(0, true, List.of(new ChunkRun(1, 38, 40))), 1, 1500);
    int later = 1000 + TellPolicy.of(140).coordinatorMillis();
    assertEquals(
        List.of(new ChunkRun(1, 0, 4)),
        plan.asked(node(2), ask(0, true, List.of(new ChunkRun(1, 38, 40))), 1, later).grant());
  }

  @Test
  void whoLeavesDoesNotPutOffWhatWasLostBefore() {
    TellPolicy policy = TellPolicy.of(140);
    LeasePlan plan = new LeasePlan(blobs, maps, policy);
    held(maps, node(9), 1, 0, 40);
    int granted = 0;
    for (int i = 0; i < 20; i++) {
      // One after the other, none of whom takes long enough for all to tell.
      held(maps, node(100 + i), 0, 2 * i, 2 * i + 2);
    }
    held(maps, node(8), 0, 20, 40);
    for (int i = 0; i < 10; i++) {
      maps.gone(node(100 + i));
      int now = (i + 1) * policy.coordinatorMillis() * 2 / 3;
      granted += chunks(plan.asked(node(i), ask(MIB, true, List.of()), 10, now).grant());
    }
    assertTrue(granted > 0, "of the first ones");
  }

  @Test
  void anIdleNodeTakesWhatItWantsThoughTheSlowestLeaseHasNothingOfThat() {
    held(maps, node(9), 0, 10, 40);
    held(maps, node(9), 1, 10, 40);
    leases.asked(node(1), ask(MIB, false, List.of(new ChunkRun(0, 0, 10))), 2, 0);
    leases.asked(node(2), ask(2 * MIB, false, List.of(new ChunkRun(1, 0, 10))), 2, 0);
    SwarmMessage.AskLease second =
        new SwarmMessage.AskLease(
            Swarms.ID, BitSet.valueOf(new long[] {2}), List.of(), 20 * MIB, true);
    LeasePlan.Answer answer = leases.asked(node(3), second, 3, 0);
    assertEquals(Set.of(node(2)), answer.taken().keySet());
    assertEquals(10, answer.taken().get(node(2)).getLast().end());
  }

  @Test
  void aTailIsOfWhatTheAskerWants() {
    held(maps, node(9), 0, 10, 40);
    held(maps, node(9), 1, 10, 40);
    List<ChunkRun> both = List.of(new ChunkRun(0, 0, 10), new ChunkRun(1, 0, 10));
    leases.asked(node(1), ask(MIB, false, both), 2, 0);
    SwarmMessage.AskLease first =
        new SwarmMessage.AskLease(
            Swarms.ID, BitSet.valueOf(new long[] {1}), List.of(), 20 * MIB, true);
    List<ChunkRun> taken = leases.asked(node(3), first, 3, 0).taken().get(node(1));
    assertEquals(List.of(new ChunkRun(0, 4, 10)), taken, "but not what was begun");
  }

  @Test
  void whoIsForgottenHasNoLeaseAndIsPassedNothingOn() {
    anIdleNodeComes();
    leases.forget(node(3));
    assertEquals(
        Map.of(),
        leases.asked(node(1), ask(MIB, false, List.of(new ChunkRun(0, 20, 24))), 3, 100).passed());
    leases.forget(node(2));
    assertEquals(
        List.of(new ChunkRun(0, 24, 40)),
        leases.asked(node(4), ask(100 * MIB, true, List.of()), 1, 110).grant().stream()
            .limit(1)
            .map(r -> new ChunkRun(r.blob(), r.first(), 40))
            .toList());
  }

  private static SwarmMessage.AskLease heard(int number, boolean more, ChunkRun... holding) {
    return new SwarmMessage.AskLease(Swarms.ID, WANTED, List.of(holding), 0, number, MIB, more);
  }

  @Test
  void aLeaseThatIsOnItsWayIsNotGivenBack() {
    LeasePlan.Answer first = leases.asked(node(1), heard(0, true), 2, 0);
    assertEquals(List.of(new ChunkRun(0, 0, 2)), first.grant());
    leases.asked(node(1), heard(first.number() - 1, false), 2, 1);
    LeasePlan.Answer second = leases.asked(node(1), heard(first.number() - 1, true), 2, 2);
    assertEquals(List.of(new ChunkRun(0, 2, 4)), second.grant());
    // Now it heard the first one, and lost half of it to a hub that fails.
    leases.asked(node(1), heard(first.number(), false, new ChunkRun(0, 0, 1)), 2, 3);
    assertEquals(
        List.of(new ChunkRun(0, 1, 2), new ChunkRun(0, 4, 5)),
        leases.asked(node(2), heard(0, true), 2, 4).grant());
    leases.asked(node(1), heard(second.number(), false), 2, 5);
    assertEquals(
        List.of(new ChunkRun(0, 0, 1), new ChunkRun(0, 2, 3)),
        leases.asked(node(3), heard(0, true), 2, 6).grant());
  }

  @Test
  void aLeaseThatNeverCameIsOverInTime() {
    leases.asked(node(1), heard(0, true), 2, 0);
    int late = LeasePlan.LEASE_MILLIS + 1;
    LeasePlan.Answer other = leases.asked(node(2), heard(0, true), 2, late);
    assertEquals(List.of(new ChunkRun(0, 0, 2)), other.grant());
    LeasePlan.Answer again = leases.asked(node(1), heard(0, true), 2, late + 1);
    assertEquals(List.of(new ChunkRun(0, 2, 4)), again.grant());
    assertEquals(List.of(), again.revoke());
  }

  @Test
  void ofAThousandNodesSomeFetch() {
    SwarmBlobs large = new SwarmBlobs(Swarms.model(4, 2L << 30));
    LeasePlan plan = new LeasePlan(large, new HaveMaps(large), TellPolicy.of(1000));
    int granted = 0;
    int again = 0;
    for (int i = 0; i < 1000; i++) {
      LeasePlan.Answer answer = plan.asked(node(i), ask(0, true, List.of()), 1000, i / 10);
      granted += answer.grant().isEmpty() ? 0 : 1;
      again = Math.max(again, answer.millis());
    }
    assertEquals(16, granted);
    assertTrue(again >= 10_000, "about a hundred ask in a second");
  }

  @Test
  void whateverHappensNoChunkIsLeasedToTwoThatWork() {
    qt().withExamples(200)
        .forAll(integers().between(1, 12), longs().all())
        .checkAssert(LeasePlanTest::neverTwice);
  }

  /**
   * Nodes ask, hear the answers late, fetch, tell and leave; none is so slow that its lease is over
   * or taken.
   */
  private static void neverTwice(int nodes, long seed) {
    Random random = new Random(seed);
    SwarmBlobs blobs = new SwarmBlobs(Swarms.model(3, 25 * MIB + 5));
    HaveMaps maps = new HaveMaps(blobs);
    LeasePlan leases = new LeasePlan(blobs, maps, TellPolicy.of(1));
    Map<Integer, List<ChunkRun>> holding = new HashMap<>();
    Map<Integer, List<LeasePlan.Answer>> answers = new HashMap<>();
    int[] heard = new int[nodes];
    for (int step = 0; step < 400; step++) {
      int n = random.nextInt(nodes);
      List<ChunkRun> own = holding.computeIfAbsent(n, k -> new ArrayList<>());
      List<LeasePlan.Answer> late = answers.computeIfAbsent(n, k -> new ArrayList<>());
      switch (random.nextInt(10)) {
        case 0 -> {
          maps.gone(node(n));
          holding.remove(n);
          late.clear();
          Set<NodeId> left = new HashSet<>();
          holding.keySet().forEach(k -> left.add(node(k)));
          leases.retain(left);
        }
        case 1, 2, 3 -> {
          if (!own.isEmpty()) {
            ChunkRun run = own.removeFirst();
            held(maps, node(n), run.blob(), run.first(), run.end());
            leases.progressed(node(n), step);
          }
        }
        case 4, 5, 6 -> {
          if (!late.isEmpty()) {
            LeasePlan.Answer answer = late.removeFirst();
            heard[n] = answer.number();
            own.addAll(answer.grant());
          }
        }
        default -> {
          BitSet wanted = BitSet.valueOf(new long[] {random.nextInt(8)});
          LeasePlan.Answer answer =
              leases.asked(
                  node(n),
                  new SwarmMessage.AskLease(
                      Swarms.ID,
                      wanted,
                      List.copyOf(own),
                      0,
                      heard[n],
                      1000 * MIB,
                      random.nextBoolean()),
                  nodes,
                  step);
          assertEquals(Map.of(), answer.taken());
          answer.grant().forEach(r -> assertTrue(wanted.get(r.blob()), "it wants it"));
          late.add(answer);
        }
      }
      Set<Integer> places = new HashSet<>();
      for (int k : holding.keySet()) {
        List<ChunkRun> runs = new ArrayList<>(holding.get(k));
        answers.getOrDefault(k, List.of()).forEach(a -> runs.addAll(a.grant()));
        for (ChunkRun run : runs) {
          for (int c = run.first(); c < run.end(); c++) {
            assertTrue(places.add(blobs.place(run.blob(), c)), "leased twice");
          }
        }
      }
    }
  }

  @Test
  void whoEncryptsGetsInTheEndWhatOnlyOthersHave() {
    maps.encrypts(node(1), true);
    held(maps, node(2), 0, 0, 40);
    ChunkRun others = leases.asked(node(2), ask(MIB, true, List.of()), 2, 0).grant().getFirst();
    assertEquals(new ChunkRun(1, 0, 2), others);
    List<ChunkRun> own = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      List<ChunkRun> grant = leases.asked(node(1), ask(MIB, true, List.copyOf(own)), 2, i).grant();
      own.addAll(grant);
    }
    assertEquals(1, own.getFirst().blob(), "first what nobody has");
    assertEquals(80, chunks(own), "in the end all");
    // What it fetches the others take from it.
    LeasePlan.Answer answer = leases.asked(node(2), ask(MIB, true, List.of(others)), 2, 101);
    assertEquals(List.of(others), answer.revoke());
    assertEquals(List.of(), answer.grant());
  }

  @Test
  void whatOnlyALiarHoldsIsLeasedToWhoShunsIt() {
    held(maps, node(9), 0, 0, 40);
    held(maps, node(9), 1, 0, 40);
    held(maps, node(2), 1, 20, 40);
    assertEquals(List.of(), leases.asked(node(1), ask(MIB, true, List.of()), 2, 0).grant());
    maps.avoids(node(1), Set.of(node(9)));
    List<ChunkRun> own = new ArrayList<>();
    for (int i = 1; i < 100; i++) {
      LeasePlan.Answer answer = leases.asked(node(1), ask(MIB, true, List.copyOf(own)), 2, i);
      assertEquals(List.of(), answer.revoke(), "who believes the liar does not take it away");
      own.addAll(answer.grant());
    }
    assertEquals(60, chunks(own), "not what another one holds too");
    maps.avoids(node(3), Set.of(node(9)));
    // Two that shun it do not both fetch it.
    assertEquals(List.of(), leases.asked(node(3), ask(MIB, true, List.of()), 2, 101).grant());
  }

  @Test
  void whatOneThatEncryptsHoldsNobodyFetches() {
    maps.encrypts(node(1), true);
    maps.encrypts(node(2), true);
    held(maps, node(1), 0, 0, 40);
    held(maps, node(1), 1, 0, 40);
    for (int n = 2; n <= 3; n++) {
      assertEquals(List.of(), leases.asked(node(n), ask(MIB, true, List.of()), 2, n).grant());
    }
  }
}
