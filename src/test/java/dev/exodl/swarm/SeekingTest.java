package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.blob;
import static dev.exodl.swarm.Ids.file;
import static dev.exodl.swarm.Ids.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.Fields;
import dev.exodl.cluster.ClusterView;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Holders;
import dev.exodl.plan.swarm.Member;
import dev.exodl.plan.swarm.Place;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many nodes want one file of a snapshot, and very few another one: these are no neighbours. */
class SeekingTest {
  private static final int NODES = 300;
  private static final SwarmMessage.Card CARD =
      new SwarmMessage.Card("n", "10.0.0.1", 7872, "", "", true, false, Set.of(Ids.SWARM));

  private final Random random = new Random(11);
  private final Members members = new Members();
  private final SwarmBlobs blobs = new SwarmBlobs(List.of(file(0, 4 * MIB), file(1, 4 * MIB)));
  private final Map<NodeId, One> nodes = new HashMap<>();
  private final Deque<Runnable> post = new ArrayDeque<>();

  @TempDir Path folder;

  private NodeId node() {
    return new NodeId(String.format("%016x%016x", random.nextLong(), random.nextLong()));
  }

  /** What a node knows, without its fetch. */
  private final class One implements Crowd {
    final NodeId self;
    final HaveMaps maps = new HaveMaps(blobs);
    final Nearby nearby;
    final Telling telling;

    One(NodeId self) {
      this.self = self;
      Member own = new Member(self, new Place("", "", "10.0.0.1"));
      nearby = new Nearby(Ids.SWARM, members, () -> own, false);
      telling = new Telling(Ids.SWARM, blobs, maps, this);
    }

    @Override
    public NodeId self() {
      return self;
    }

    @Override
    public Members members() {
      return members;
    }

    @Override
    public Collection<NodeId> listeners() {
      return nearby.listeners();
    }

    @Override
    public void send(Collection<NodeId> to, SwarmMessage message) {
      SwarmMessage.Have have = (SwarmMessage.Have) message;
      to.forEach(n -> post.add(() -> Objects.requireNonNull(nodes.get(n)).maps.told(self, have)));
    }

    @Override
    public long now() {
      return 5_000_000;
    }

    void meet(List<NodeId> others) {
      nearby.meet(others);
      telling.audienceChanged();
    }
  }

  private void deliver() {
    while (!post.isEmpty()) {
      post.poll().run();
    }
  }

  private List<One> swarm() {
    List<NodeId> names = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      names.add(node());
    }
    members.view(new ClusterView(names));
    names.forEach(n -> members.card(n, CARD));
    names.forEach(n -> nodes.put(n, new One(n)));
    return names.stream().map(nodes::get).map(Objects::requireNonNull).toList();
  }

  @Test
  void whoWantsWhatNoNeighbourHoldsMeetsWhoHoldsIt() {
    List<One> all = swarm();
    all.forEach(n -> n.nearby.refresh(true));
    One coordinator = all.getFirst();
    One wants = all.get(1);
    One holds =
        all.stream()
            .filter(n -> !wants.nearby.listeners().contains(n.self))
            .skip(5)
            .findFirst()
            .orElseThrow();
    all.forEach(n -> n.telling.wanted.set(n == wants || n == holds ? 1 : 0));
    for (int c = 0; c < 2; c++) {
      holds.telling.own.chunk(1, c, c);
    }
    all.forEach(n -> n.telling.all());
    deliver();
    assertEquals(0, wants.maps.count(blobs.place(1)), "nobody between them wants it");
    assertEquals(1, coordinator.maps.count(blobs.place(1)));

    List<NodeId> met =
        Holders.of(
            coordinator.maps,
            range(blobs.place(1), blobs.places()),
            n -> !n.equals(wants.self),
            random);
    assertEquals(List.of(holds.self), met);
    wants.meet(met);
    holds.meet(List.of(wants.self));
    deliver();
    assertTrue(wants.maps.holds(holds.self, 1, 0));
    assertTrue(wants.nearby.sources().near().containsKey(holds.self));
    holds.telling.own.chunk(1, 3, 3);
    holds.telling.done();
    deliver();
    assertTrue(wants.maps.holds(holds.self, 1, 3), "also what comes later");
    assertTrue(wants.maps.done(holds.self));
  }

  private static void await(BooleanSupplier done) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within a minute");
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static Set<NodeId> sources(Swarm swarm) {
    swarm.lock.lock();
    try {
      return swarm.presence.nearby.sources().near().keySet();
    } finally {
      swarm.lock.unlock();
    }
  }

  @Test
  void aNodeThatGetsNothingAsksAndTheCoordinatorAnswers() throws Exception {
    SwarmMessage.Listed listed = OneNode.listed(file(0, 4 * MIB), file(1, 4 * MIB));
    try (SwarmNode node = OneNode.join(folder)) {
      await(node::coordinates);
      List<NodeId> names = new ArrayList<>(List.of(node.self()));
      for (int i = 1; i < NODES; i++) {
        names.add(node());
      }
      Letters letters = (Letters) Objects.requireNonNull(Fields.get(node, "letters"));
      letters.view(new ClusterView(names));
      names.subList(1, NODES).forEach(n -> letters.received(n, CARD));
      Swarm swarm = node.enter(listed, Map.of());
      RepoFile file = new RepoFile(new RepoPath("file-1"), 4 * MIB, blob(1));
      swarm.want(
          List.of(file),
          List.of(file),
          (f, range) -> {
            throw new SourceException(new Trouble.Broken("nobody asks it"));
          },
          8,
          NeededFirst.NOTHING);
      assertFalse(sources(swarm).isEmpty());
      NodeId far =
          names.subList(1, NODES).stream()
              .filter(n -> !sources(swarm).contains(n))
              .findFirst()
              .orElseThrow();
      SwarmMessage.HeldChunks all = new SwarmMessage.HeldChunks(1, range(0, 4), List.of());
      letters.received(far, new SwarmMessage.Have(Ids.SWARM, true, List.of(all), true));
      await(() -> sources(swarm).contains(far));
    }
  }
}
