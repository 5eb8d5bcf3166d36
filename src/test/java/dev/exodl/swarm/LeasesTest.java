package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.D;
import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.bits;
import static dev.exodl.swarm.Ids.blob;
import static dev.exodl.swarm.Ids.card;
import static dev.exodl.swarm.Ids.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.Fields;
import dev.exodl.cluster.ClusterView;
import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.SwarmMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that coordinates, alone, and cannot ask the hub; what others say is made up. */
class LeasesTest {
  private static final RepoFile FILE = new RepoFile(new RepoPath("file-0"), 4 * MIB, blob(0));

  @TempDir Path folder;
  private SwarmNode node;

  @BeforeEach
  void join() {
    node = OneNode.join(folder);
    await(node::coordinates);
  }

  @AfterEach
  void leave() {
    node.close();
  }

  private static void await(BooleanSupplier done) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within a minute");
      LockSupport.parkNanos(10_000_000);
    }
  }

  private Swarm swarm() {
    return node.enter(OneNode.listed(file(0, 4 * MIB)), Map.of());
  }

  private Letters letters() {
    return (Letters) Objects.requireNonNull(Fields.get(node, "letters"));
  }

  private static SwarmMessage.AskLease more(Swarm swarm, ChunkRun... holding) {
    return new SwarmMessage.AskLease(swarm.id(), bits(0), List.of(holding), 0, 0, MIB, true);
  }

  /** The view in which this node coordinates reaches another member first. */
  @Test
  void whatIsAskedBeforeThisNodeKnowsThatItCoordinatesCounts() {
    Swarm swarm = swarm();
    letters().view(new ClusterView(List.of(C, node.self(), B)));
    List<ChunkRun> holding = List.of(new ChunkRun(0, 1, 3));
    letters()
        .received(B, new SwarmMessage.AskLease(swarm.id(), bits(0), holding, 0, 0, MIB, false));
    assertEquals(new BitSet(), Inside.leased(node, B));
    letters().view(new ClusterView(List.of(node.self(), B)));
    await(() -> Inside.leased(node, B).equals(bits(1, 2)));
  }

  /** Asks until it gets something. */
  private BitSet leasedTo(Swarm swarm) {
    await(
        () -> {
          swarm.asked(B, more(swarm));
          return !Inside.leased(node, B).isEmpty();
        });
    return Inside.leased(node, B);
  }

  @Test
  void aLeaseThatComesWhenTheHubFailedIsGivenBack() {
    Swarm swarm = swarm();
    OneNode.fetch(swarm, FILE);
    ChunkRun run = new ChunkRun(0, 0, 3);
    swarm.leased(
        node.self(), new SwarmMessage.Lease(swarm.id(), 5, List.of(run), 20_000, 0, false));
    await(() -> Inside.holding(node).isEmpty());
  }

  @Test
  void whoIsAskedToGiveBackAnswersThoughItHasNothingToGive() throws Exception {
    Swarm swarm = swarm();
    OneNode.fetch(swarm, FILE);
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    node.put(
        () -> {
          blocked.countDown();
          try {
            goesOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    blocked.await();
    int before = letters(node);
    swarm.revoked(List.of(new ChunkRun(0, 0, 3)), false);
    assertEquals(before, letters(node));
    swarm.revoked(List.of(new ChunkRun(0, 0, 3)), true);
    assertTrue(letters(node) > before);
    goesOn.countDown();
  }

  private static int letters(SwarmNode node) {
    Object outbox = Objects.requireNonNull(Fields.get(node, "outbox"));
    return ((BlockingQueue<?>) Objects.requireNonNull(Fields.get(outbox, "letters"))).size();
  }

  @Test
  void aShunnedNodeGetsNothingAndLosesWhatItHad() {
    Swarm swarm = swarm();
    letters().view(new ClusterView(List.of(node.self(), B)));
    letters().received(B, card("b"));
    assertFalse(leasedTo(swarm).isEmpty());
    node.shun(B, "it lies");
    await(() -> Inside.leased(node, B).isEmpty());
    swarm.asked(B, more(swarm, new ChunkRun(0, 0, 4)));
    assertEquals(bits(), Inside.leased(node, B));
  }

  @Test
  void nothingIsGrantedBeforeWhatWasToldEarlierIsHeard() throws Exception {
    CountDownLatch goesOn = new CountDownLatch(1);
    node.put(
        () -> {
          try {
            goesOn.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Swarm swarm = swarm();
    swarm.view(new Members.Change(Set.of(), Set.of(), false), List.of(B), true);
    swarm.asked(B, more(swarm));
    assertEquals(bits(), Inside.leased(node, B));
    goesOn.countDown();
    await(() -> !Inside.leased(node, B).isEmpty());
  }

  @Test
  void thoseShareTheHubWhoTakePartAndAreNotDone() {
    Swarm swarm = swarm();
    letters().view(new ClusterView(List.of(node.self(), B, C, D)));
    List.of(B, C, D).forEach(n -> letters().received(n, card("another")));
    assertEquals(3, node.hubNodes());
    swarm.told(B, new SwarmMessage.Have(swarm.id(), true, List.of(), false));
    swarm.told(C, new SwarmMessage.Have(swarm.id(), true, List.of(), true));
    swarm.lock.lock();
    try {
      assertEquals(1, swarm.hubNodes(), "C is done, and D fetches something else");
    } finally {
      swarm.lock.unlock();
    }
  }

  @Test
  void inALargeClusterThoseShareTheHubWhoseCardsNameTheSwarm() {
    Swarm swarm = swarm();
    List<NodeId> names = new ArrayList<>(List.of(node.self()));
    for (int i = 1; i < 60; i++) {
      names.add(new NodeId(String.format("%032x", i)));
    }
    letters().view(new ClusterView(names));
    names.subList(1, 60).forEach(n -> letters().received(n, card("idle")));
    SwarmMessage.Card inIt =
        new SwarmMessage.Card("n", "10.0.0.1", 7872, "", "", true, false, Set.of(Ids.SWARM));
    names.subList(1, 4).forEach(n -> letters().received(n, inIt));
    swarm.told(names.get(1), new SwarmMessage.Have(swarm.id(), true, List.of(), true));
    swarm.lock.lock();
    try {
      assertEquals(2, swarm.hubNodes());
    } finally {
      swarm.lock.unlock();
    }
  }
}
