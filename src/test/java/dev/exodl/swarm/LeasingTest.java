package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.D;
import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.bits;
import static dev.exodl.swarm.Ids.file;
import static dev.exodl.swarm.Ids.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.ClusterView;
import dev.exodl.model.Commit;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.SwarmMessage.AskLease;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeasingTest {
  private static final SwarmId SWARM =
      new SwarmId(new Repo(RepoType.MODEL, "org/model"), new Commit("c".repeat(40)));
  private static final long NOW = 5_000_000;
  private static final NodeId COORDINATOR = Ids.node('e');

  private final SwarmBlobs blobs = new SwarmBlobs(List.of(file(0, 64 * MIB)));
  private final Reign reign = new Reign(0);
  private final Leasing leasing = new Leasing(blobs, new HaveMaps(blobs), TellPolicy.of(4), reign);

  private final List<NodeId> here = new ArrayList<>();

  /** The node that coordinates sees that these come. */
  private void come(long now, NodeId... nodes) {
    if (here.isEmpty()) {
      here.add(COORDINATOR);
      reign.view(new ClusterView(here), COORDINATOR, now);
    }
    here.addAll(List.of(nodes));
    reign.view(new ClusterView(here), COORDINATOR, now);
  }

  private void toldAll(NodeId node) {
    reign.toldAll(node, 0);
  }

  private static AskLease more(ChunkRun... holding) {
    return new AskLease(SWARM, bits(0), List.of(holding), 0, true);
  }

  private static List<NodeId> to(List<Leasing.Answered> answers) {
    return answers.stream().map(Leasing.Answered::to).toList();
  }

  /** Asks until nothing is granted any more; the chunks. */
  private Set<Integer> takeAll(NodeId node, long now) {
    Set<Integer> got = new HashSet<>();
    List<ChunkRun> held = new ArrayList<>();
    while (true) {
      List<ChunkRun> grant =
          leasing
              .asked(node, more(held.toArray(ChunkRun[]::new)), true, 2, now)
              .getLast()
              .answer()
              .grant();
      if (grant.isEmpty()) {
        return got;
      }
      for (ChunkRun run : grant) {
        for (int c = run.first(); c < run.end(); c++) {
          assertTrue(got.add(c), "chunk " + c + " twice");
        }
      }
      held.addAll(grant);
    }
  }

  @Test
  void whoAsksIsAnsweredAtOnceWhenNobodyIsAwaited() {
    List<Leasing.Answered> answers = leasing.asked(A, more(), true, 2, NOW);
    assertEquals(List.of(A), to(answers));
    assertFalse(answers.getFirst().answer().grant().isEmpty());
  }

  @Test
  void nothingIsGrantedBeforeAllHaveToldWhatTheyHold() {
    come(NOW, B, C);
    assertEquals(List.of(), leasing.asked(A, more(), true, 2, NOW));
    toldAll(B);
    assertEquals(List.of(), leasing.due(NOW + 10));
    toldAll(C);
    List<Leasing.Answered> answers = leasing.due(NOW + 20);
    assertEquals(List.of(A), to(answers));
    assertFalse(answers.getFirst().answer().grant().isEmpty());
    assertEquals(List.of(), leasing.due(NOW + 30), "one answer each");
  }

  @Test
  void whatWasToldMeanwhileIsNotGranted() {
    come(NOW, B);
    leasing.asked(A, more(), true, 2, NOW);
    // B held a lease of the coordinator before this one.
    AskLease holds = new AskLease(SWARM, bits(0), List.of(new ChunkRun(0, 0, 60)), 0, false);
    assertEquals(
        List.of(B), to(leasing.asked(B, holds, true, 2, NOW + 5)), "that is heard at once");
    toldAll(B);
    List<ChunkRun> grant = leasing.due(NOW + 10).getFirst().answer().grant();
    assertEquals(60, grant.getFirst().first());
  }

  @Test
  void thoseWhoWaitedAreAnsweredInTheOrderInWhichTheyAsked() {
    come(NOW, B);
    for (NodeId node : List.of(D, A, C)) {
      assertEquals(List.of(), leasing.asked(node, more(), true, 2, NOW));
    }
    toldAll(B);
    assertEquals(List.of(D, A, C, B), to(leasing.asked(B, more(), true, 2, NOW + 10)));
  }

  @Test
  void whoAsksTwiceWhileItWaitsIsAnsweredOnce() {
    come(NOW, B);
    leasing.asked(A, more(), true, 2, NOW);
    leasing.asked(A, more(), true, 2, NOW + 1);
    toldAll(B);
    assertEquals(List.of(A), to(leasing.due(NOW + 10)));
  }

  @Test
  void aSilentMemberHoldsTheOthersUpForASecond() {
    come(NOW, B);
    leasing.asked(A, more(), true, 2, NOW);
    assertEquals(List.of(), leasing.due(NOW + 999));
    assertEquals(List.of(A), to(leasing.due(NOW + 1000)));
  }

  @Test
  void aSilentMemberDoesNotHoldThemUpLongerBecauseOthersCome() {
    come(NOW, B);
    leasing.asked(A, more(), true, 2, NOW);
    come(NOW + 900, C);
    toldAll(C);
    assertEquals(List.of(A), to(leasing.due(NOW + 1000)));
  }

  @Test
  void aSilentMemberHoldsThemUpOnce() {
    come(NOW, B);
    leasing.due(NOW + 1000);
    come(NOW + 5000, C);
    toldAll(C);
    assertEquals(List.of(A), to(leasing.asked(A, more(), true, 2, NOW + 5010)));
  }

  @Test
  void whoLeftIsNotAwaited() {
    come(NOW, B, C);
    leasing.asked(A, more(), true, 2, NOW);
    leasing.asked(C, more(), true, 2, NOW);
    reign.view(new ClusterView(List.of(A)), A, NOW);
    leasing.members(List.of(A));
    assertEquals(List.of(A), to(leasing.due(NOW + 10)), "and gets no answer");
  }

  private static AskLease holds(ChunkRun... holding) {
    return new AskLease(SWARM, bits(0), List.of(holding), 0, false);
  }

  @Test
  void whoFetchesAndWantsNoMoreIsHeard() {
    ChunkRun run = new ChunkRun(0, 0, 1);
    leasing.asked(A, more(), true, 2, NOW);
    assertTrue(leasing.askedLately(A, NOW + 7999));
    assertFalse(leasing.askedLately(A, NOW + 8000));
    for (long now = NOW + 5000; now < NOW + 60_000; now += 5000) {
      Leasing.Answered answer = leasing.asked(A, holds(run), true, 2, now).getFirst();
      assertTrue(answer.takes(), "its share is renewed");
      assertEquals(0, answer.millis(), "that is no answer to the last question");
    }
    assertTrue(leasing.askedLately(A, NOW + 60_000));
  }

  @Test
  void whoHasNothingAndAsksForNothingTakesNothing() {
    assertTrue(leasing.askedLately(A, NOW), "it had no time yet");
    assertFalse(leasing.asked(A, holds(), true, 2, NOW).getFirst().takes());
    assertFalse(leasing.askedLately(A, NOW + 8000));
  }

  @Test
  void whoMayNotHaveMoreIsToldWhenToAskAgain() {
    Leasing.Answered answer = leasing.asked(A, more(), false, 2, NOW).getFirst();
    assertEquals(List.of(), answer.answer().grant());
    assertTrue(answer.millis() > 0);
    assertFalse(answer.takes());
  }

  @Test
  void whoFetchesWithoutALeaseHasAShare() {
    assertTrue(leasing.askedLately(A, NOW), "it had no time yet");
    AskLease ask = new AskLease(SWARM, bits(0), List.of(), 3, 0, 0, true);
    Leasing.Answered answer = leasing.asked(A, ask, false, 2, NOW).getFirst();
    assertEquals(List.of(), answer.answer().grant());
    assertTrue(answer.takes());
    assertFalse(leasing.askedLately(A, NOW + 8000), "it leads nobody");
  }

  @Test
  void ofManyNodesWhoGetsNothingAsksAgainAsLateAsThereAreNodes() {
    for (int i = 0; i < 16; i++) {
      assertTrue(leasing.asked(number(i), more(), true, 5000, NOW).getFirst().takes());
    }
    Leasing.Answered answer = leasing.asked(number(16), more(), true, 5000, NOW).getFirst();
    assertEquals(List.of(), answer.answer().grant());
    assertEquals(50_000, answer.millis());
  }

  @Test
  void inALargeClusterWhatANodeHeldThatLeftIsLeasedWhenOthersHadTheTimeToTell() {
    HaveMaps maps = new HaveMaps(blobs);
    Leasing large = new Leasing(blobs, maps, TellPolicy.of(1), reign);
    List<NodeId> members = IntStream.range(0, 140).mapToObj(LeasingTest::number).toList();
    large.members(members);
    maps.told(
        C,
        new SwarmMessage.Have(
            SWARM, true, List.of(new SwarmMessage.HeldChunks(0, range(0, 64), List.of())), true));
    maps.gone(C);
    assertEquals(List.of(), large.asked(A, more(), true, 140, NOW).getFirst().answer().grant());
    assertEquals(
        List.of(), large.asked(A, more(), true, 140, NOW + 1999).getFirst().answer().grant());
    assertFalse(
        large.asked(A, more(), true, 140, NOW + 2000).getFirst().answer().grant().isEmpty());
  }

  @Test
  void inASecondReignWhoIsOlderHasTheTimeToAskAgain() {
    reign.view(new ClusterView(List.of(A, B)), A, NOW);
    leasing.askedLately(B, NOW);
    assertFalse(leasing.askedLately(B, NOW + 60_000));
    reign.view(new ClusterView(List.of(B, A)), A, NOW + 60_000);
    reign.view(new ClusterView(List.of(A, B)), A, NOW + 70_000);
    assertTrue(leasing.askedLately(B, NOW + 70_000));
    assertFalse(leasing.askedLately(B, NOW + 78_000));
  }

  @Test
  void nothingIsGrantedWhileWhatWasToldEarlierIsNotHeard() {
    leasing.behind(true);
    assertEquals(List.of(), leasing.asked(A, more(), true, 2, NOW));
    leasing.behind(false);
    assertEquals(List.of(A), to(leasing.due(NOW)));
  }

  @Test
  void whoIsForgottenGetsNothingAndItsLeaseIsFree() {
    Set<Integer> all = takeAll(A, NOW);
    come(NOW, B);
    leasing.asked(A, more(), true, 2, NOW);
    leasing.forget(A);
    toldAll(B);
    assertEquals(List.of(), leasing.due(NOW));
    assertEquals(64, all.size());
    assertEquals(all, takeAll(C, NOW));
  }

  private static NodeId number(int number) {
    return new NodeId(String.format("%032x", number));
  }

  @Test
  void theLeasesOfMembersThatLeftAreFree() {
    Set<Integer> first = takeAll(A, NOW);
    Set<Integer> second = takeAll(B, NOW);
    assertEquals(64, first.size() + second.size());
    leasing.members(List.of(B, C));
    assertEquals(first, takeAll(C, NOW + 10));
  }
}
