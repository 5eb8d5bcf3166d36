package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.blob;
import static dev.exodl.swarm.Ids.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.Fields;
import dev.exodl.cluster.ClusterView;
import dev.exodl.model.BlobId;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PresenceTest {
  private static final SwarmMessage.Listed LISTED = OneNode.listed(file(0, MIB), file(1, MIB));

  @TempDir Path folder;

  private static void await(BooleanSupplier done) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within a minute");
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static Set<SwarmId> told(SwarmNode to, SwarmNode by) {
    return to.members().card(by.self()).map(SwarmMessage.Card::swarms).orElse(Set.of());
  }

  @Test
  void allAreToldWhoHoldsOrWantsSomethingAndWhoDoesNotAnyMore() throws Exception {
    Path held = Files.write(folder.resolve("held"), new byte[(int) MIB]);
    try (SwarmNode node = OneNode.join(folder.resolve("meet"));
        SwarmNode other = OneNode.join(folder.resolve("meet"))) {
      await(() -> other.members().card(node.self()).isPresent());
      node.enter(LISTED, Map.of());
      other.enter(LISTED, Map.of(blob(0), held));
      await(() -> told(node, other).equals(Set.of(Ids.SWARM)));
      assertEquals(Set.of(), node.own().card().swarms(), "it holds and wants nothing");
      Files.delete(held);
      Swarm swarm = Objects.requireNonNull(other.swarm(Ids.SWARM));
      ((Holdings) Objects.requireNonNull(Fields.get(other, "shelf"))).gone(blob(0), held);
      swarm.gone(blob(0));
      await(() -> told(node, other).isEmpty());
    }
  }

  /** What the disk holds was asked for these. */
  private record Disk(Path held, ConcurrentLinkedQueue<SwarmId> asked) {
    Map<BlobId, Path> held(SwarmId swarm) {
      asked.add(swarm);
      return Map.of(blob(0), held);
    }
  }

  @Test
  void inALargeClusterWhoServesHearsFromCardsWhatOthersTakePartIn() throws Exception {
    Path held = Files.write(folder.resolve("held"), new byte[(int) MIB]);
    Disk disk = new Disk(held, new ConcurrentLinkedQueue<>());
    ListingSource listings =
        (repo, revision) -> new ListingSource.Snapshot(LISTED.commit(), true, LISTED.files());
    try (SwarmNode node =
        OneNode.join(folder.resolve("meet"), listings, (swarm, files) -> disk.held(swarm))) {
      await(node::coordinates);
      Letters letters = (Letters) Objects.requireNonNull(Fields.get(node, "letters"));
      List<NodeId> names = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        names.add(new NodeId(String.format("%032x", i)));
      }
      names.add(node.self());
      letters.view(new ClusterView(names));
      for (NodeId name : names.subList(0, 60)) {
        letters.received(
            name,
            new SwarmMessage.Card("n", "10.0.0.1", 7872, "", "", true, false, Set.of(Ids.SWARM)));
      }
      await(() -> node.own().card().swarms().equals(Set.of(Ids.SWARM)));
      assertEquals(List.of(Ids.SWARM), List.copyOf(disk.asked()), "once");
    }
  }
}
