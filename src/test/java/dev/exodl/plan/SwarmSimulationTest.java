package dev.exodl.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.LeasePlan;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A swarm in steps of one chunk a stream: no sockets, no clock, the real plans. */
class SwarmSimulationTest {
  private static final long MIB = 1 << 20;
  private static final SwarmId ID =
      new SwarmId(new Repo(RepoType.MODEL, "org/model"), new Commit("0".repeat(40)));

  private static Entry entry(int number, long size) {
    return new Entry("file-" + number, size, new BlobId.Sha256(String.format("%064x", number + 1)));
  }

  /** One node: its plan, its chooser, what it was told. */
  private static final class Node {
    final NodeId id;
    final boolean hub;
    final HaveMaps maps;
    final PlanState plan;
    final SwarmChooser chooser;
    final List<Step.Fetch> running = new ArrayList<>();
    final SwarmBlobs blobs;
    final int files;

    Node(int number, boolean hub, List<Entry> entries, Random random) {
      this.id = new NodeId(String.format("%032x", number));
      this.hub = hub;
      this.blobs = new SwarmBlobs(entries);
      this.files = entries.size();
      this.maps = new HaveMaps(blobs);
      this.plan = new PlanState(entries.stream().map(Entry::size).toList(), blobs.chunkSize(), 4);
      List<Integer> numbers =
          entries.stream().map(e -> blobs.number(e.blob()).orElseThrow()).toList();
      this.chooser = new SwarmChooser(blobs, maps, numbers, 4, hub ? 2 : 0, random);
    }

    int blob(int file) {
      return file;
    }

    SwarmMessage.AskLease ask() {
      BitSet wanted = new BitSet();
      wanted.set(0, blobs.count());
      return new SwarmMessage.AskLease(ID, wanted, chooser.holding(plan), 4 * MIB, true);
    }

    void begin(long now) {
      for (int i = 0; i < 100; i++) {
        switch (chooser.next(plan, now)) {
          case Step.Open open -> {
            plan.apply(new PlanEvent.FileOpening(open.file()));
            plan.apply(
                new PlanEvent.FileOpened(open.file(), blobs.grid(blob(open.file())), new BitSet()));
          }
          case Step.Fetch fetch -> {
            plan.apply(new PlanEvent.RunStarted(fetch.run()));
            running.add(fetch);
          }
          case Step.Idle idle -> {
            return;
          }
        }
      }
    }

    boolean whole() {
      for (int file = 0; file < files; file++) {
        if (!plan.whole(file)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final class Swarm {
    final List<Node> nodes = new ArrayList<>();
    final Map<String, Integer> fromHub = new HashMap<>();
    final List<Entry> entries;
    LeasePlan leases;
    Node coordinator;
    long now;

    Swarm(int size, int withoutHub, List<Entry> entries, long seed) {
      this.entries = entries;
      for (int i = 0; i < size; i++) {
        nodes.add(new Node(i, i >= withoutHub, entries, new Random(seed + i)));
      }
      members();
    }

    void members() {
      coordinator = nodes.getFirst();
      leases = new LeasePlan(coordinator.blobs, coordinator.maps, TellPolicy.of(1));
      Set<NodeId> ids = new HashSet<>();
      nodes.forEach(n -> ids.add(n.id));
      for (Node node : nodes) {
        node.maps.retain(ids);
        for (Node other : nodes) {
          if (other != node) {
            node.chooser.peer(other.id, Nearness.SUBNET);
          }
        }
        // A new coordinator hears first who holds what.
        leases.asked(
            node.id,
            new SwarmMessage.AskLease(ID, new BitSet(), node.chooser.holding(node.plan), 0, false),
            nodes.size(),
            now);
      }
    }

    void kill(Node node) {
      nodes.remove(node);
      nodes.forEach(n -> n.chooser.peerGone(node.id));
      members();
    }

    /** Each stream gets one chunk; then all are told what came. */
    void step() {
      now += 100;
      for (Node node : nodes) {
        if (node.hub && node.chooser.leasedAhead(node.plan) < MIB) {
          node.chooser.lease(leases.asked(node.id, node.ask(), nodes.size(), now).grant());
        }
        node.begin(now);
      }
      List<Runnable> told = new ArrayList<>();
      for (Node node : nodes) {
        for (Step.Fetch fetch : List.copyOf(node.running)) {
          chunk(node, fetch, told);
        }
      }
      told.forEach(Runnable::run);
    }

    private void chunk(Node node, Step.Fetch fetch, List<Runnable> told) {
      int file = fetch.run().file();
      int chunk = fetch.run().first();
      while (chunk < fetch.run().end() && node.plan.held(file, chunk)) {
        chunk++;
      }
      if (chunk < fetch.run().end()) {
        int got = chunk;
        switch (fetch.origin()) {
          case Origin.Hub hub -> fromHub.merge(file + "/" + got, 1, Integer::sum);
          case Origin.Peer peer ->
              assertTrue(
                  nodes.stream()
                      .filter(n -> n.id.equals(peer.node()))
                      .allMatch(n -> n.plan.held(file, got)),
                  "asked a node for what it does not hold");
        }
        node.plan.apply(new PlanEvent.ChunkHeld(file, got));
        BitSet one = new BitSet();
        one.set(got);
        SwarmMessage.Have have =
            new SwarmMessage.Have(
                ID, false, List.of(new SwarmMessage.HeldChunks(file, one, List.of(7))), false);
        told.add(() -> nodes.forEach(n -> n.maps.told(node.id, have)));
      }
      if (chunk >= fetch.run().end() - 1) {
        node.plan.apply(new PlanEvent.RunEnded(fetch.run().id()));
        node.running.remove(fetch);
      }
    }

    void run(int most) {
      for (int i = 0; i < most && !whole(); i++) {
        step();
      }
      assertTrue(whole(), "not whole after " + most + " steps");
    }

    boolean whole() {
      return nodes.stream().allMatch(Node::whole);
    }

    long twice() {
      return fromHub.values().stream().filter(n -> n > 1).count();
    }
  }

  private static List<Entry> model(int files, long size) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      entries.add(entry(i, size));
    }
    return entries;
  }

  @Test
  void everyChunkComesFromTheHubOnce() {
    for (int size : List.of(1, 2, 4, 11)) {
      Swarm swarm = new Swarm(size, 0, model(4, 64 * MIB), size);
      swarm.run(2000);
      assertEquals(256, swarm.fromHub.size());
      assertEquals(0, swarm.twice(), size + " nodes");
    }
  }

  @Test
  void nodesWithoutTheHubGetAllFromTheOthers() {
    Swarm swarm = new Swarm(6, 5, model(3, 20 * MIB + 5), 1);
    swarm.run(4000);
    assertEquals(0, swarm.twice());
  }

  @Test
  void aKilledCoordinatorCostsOnlyWhatNobodyElseHeld() {
    for (int seed = 0; seed < 20; seed++) {
      Swarm swarm = new Swarm(5, 0, model(2, 64 * MIB), seed);
      Random random = new Random(seed);
      int steps = random.nextInt(25);
      for (int i = 0; i < steps; i++) {
        swarm.step();
      }
      swarm.kill(swarm.nodes.getFirst());
      swarm.run(4000);
      assertTrue(swarm.twice() <= 8, "fetched twice: " + swarm.twice() + ", seed " + seed);
    }
  }

  @Test
  void aLeaseIsNeverHeldTwice() {
    List<Entry> entries = model(2, 40 * MIB);
    SwarmBlobs blobs = new SwarmBlobs(entries);
    LeasePlan leases = new LeasePlan(blobs, new HaveMaps(blobs), TellPolicy.of(1));
    Set<String> granted = new HashSet<>();
    BitSet wanted = new BitSet();
    wanted.set(0, 2);
    for (int node = 0; node < 30; node++) {
      NodeId id = new NodeId(String.format("%032x", node));
      List<ChunkRun> grant =
          leases
              .asked(id, new SwarmMessage.AskLease(ID, wanted, List.of(), 8 * MIB, true), 4, node)
              .grant();
      for (ChunkRun run : grant) {
        for (int c = run.first(); c < run.end(); c++) {
          assertTrue(granted.add(run.blob() + "/" + c), "leased twice");
        }
      }
    }
    assertTrue(granted.size() > 60, granted.size() + " of 80 leased");
  }

  @Test
  void aLeaseOfWhichNothingComesIsOver() {
    SwarmBlobs blobs = new SwarmBlobs(model(1, 8 * MIB));
    LeasePlan leases = new LeasePlan(blobs, new HaveMaps(blobs), TellPolicy.of(1));
    BitSet wanted = new BitSet();
    wanted.set(0);
    SwarmMessage.AskLease ask = new SwarmMessage.AskLease(ID, wanted, List.of(), 100 * MIB, true);
    NodeId one = new NodeId("1".repeat(32));
    NodeId other = new NodeId("2".repeat(32));
    assertEquals(List.of(new ChunkRun(0, 0, 4)), leases.asked(one, ask, 1, 0).grant());
    List<ChunkRun> held = leases.asked(other, ask, 1, 1000).grant();
    long later = LeasePlan.LEASE_MILLIS + 2000;
    List<ChunkRun> again = leases.asked(other, ask, 1, later).grant();
    assertTrue(
        held.stream().mapToInt(ChunkRun::chunks).sum()
            < again.stream().mapToInt(ChunkRun::chunks).sum(),
        "after a silent lease its chunks are free");
  }

  @Test
  void whatTwoHoldAfterAMergeIsRevokedFromOne() {
    SwarmBlobs blobs = new SwarmBlobs(model(1, 8 * MIB));
    LeasePlan leases = new LeasePlan(blobs, new HaveMaps(blobs), TellPolicy.of(1));
    List<ChunkRun> holding = List.of(new ChunkRun(0, 2, 4));
    SwarmMessage.AskLease ask = new SwarmMessage.AskLease(ID, new BitSet(), holding, 0, false);
    assertEquals(List.of(), leases.asked(new NodeId("1".repeat(32)), ask, 2, 0).revoke());
    assertEquals(holding, leases.asked(new NodeId("2".repeat(32)), ask, 2, 0).revoke());
  }
}
