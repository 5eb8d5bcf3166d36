package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.bits;
import static dev.exodl.swarm.Ids.blob;
import static dev.exodl.swarm.Ids.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.Fields;
import dev.exodl.cluster.ClusterView;
import dev.exodl.fetch.SourceException;
import dev.exodl.model.ByteRange;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwarmTest {
  private static final RepoFile FILE = new RepoFile(new RepoPath("file-0"), 4 * MIB, blob(0));

  @TempDir Path folder;

  static void await(BooleanSupplier done) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within a minute");
      LockSupport.parkNanos(10_000_000);
    }
  }

  static int holders(Swarm swarm, int blob) {
    swarm.lock.lock();
    try {
      return swarm.maps.count(swarm.blobs.place(blob, 0));
    } finally {
      swarm.lock.unlock();
    }
  }

  @Test
  void whatSomebodyRemovedFromTheDiskIsNotOfferedAnyMore() throws Exception {
    Path kept = Files.write(folder.resolve("kept"), new byte[(int) MIB]);
    Path removed = Files.write(folder.resolve("removed"), new byte[(int) MIB]);
    SwarmMessage.Listed listed = OneNode.listed(file(0, MIB), file(1, MIB));
    try (SwarmNode holder = OneNode.join(folder.resolve("meet"));
        SwarmNode other = OneNode.join(folder.resolve("meet"))) {
      Swarm swarm = other.enter(listed, Map.of());
      holder.enter(listed, Map.of(blob(0), kept, blob(1), removed));
      await(() -> holders(swarm, 0) == 1 && holders(swarm, 1) == 1);
      Files.delete(removed);
      RepoFile file = new RepoFile(new RepoPath("file-1"), MIB, blob(1));
      await(() -> other.members().card(holder.self()).isPresent());
      assertThrows(
          SourceException.class,
          () -> other.peering().source(holder.self()).open(file, new ByteRange(0, MIB)));
      await(() -> holders(swarm, 1) == 0);
      assertEquals(1, holders(swarm, 0));
    }
  }

  @Test
  void whatWasToldBeforeTheSnapshotWasKnownIsHeardBeforeWhatIsToldThen() throws Exception {
    SwarmMessage.Listed listed = OneNode.listed(file(0, MIB), file(1, MIB));
    SwarmId id = new SwarmId(listed.repo(), listed.commit());
    try (SwarmNode node = OneNode.join(folder.resolve("meet"));
        SwarmNode teller = OneNode.join(folder.resolve("meet"))) {
      await(() -> node.coordinates() && node.members().all().contains(teller.self()));
      NodeId from = teller.self();
      Letters letters = (Letters) Objects.requireNonNull(Fields.get(node, "letters"));
      AtomicBoolean goesOn = new AtomicBoolean();
      node.put(() -> await(goesOn::get));
      letters.received(from, new SwarmMessage.Have(id, true, List.of(whole(0)), false));
      Swarm swarm = node.enter(listed, Map.of());
      letters.received(from, new SwarmMessage.Have(id, false, List.of(whole(1)), false));
      goesOn.set(true);
      await(() -> holders(swarm, 0) == 1 && holders(swarm, 1) == 1);
    }
  }

  private static SwarmMessage.HeldChunks whole(int blob) {
    return new SwarmMessage.HeldChunks(blob, bits(0), List.of());
  }

  @Test
  void whoCoordinatesAgainDoesNotKnowItsOwnLeasesOfBefore() throws Exception {
    SwarmMessage.Listed listed = OneNode.listed(file(0, MIB));
    try (SwarmNode node = OneNode.join(folder.resolve("meet"))) {
      await(node::coordinates);
      Swarm swarm = node.enter(listed, Map.of());
      List<NodeId> members = List.of(node.self(), Ids.B);
      Members.Change same = new Members.Change(Set.of(), Set.of(), false);
      Members.Change other = new Members.Change(Set.of(), Set.of(), true);
      SwarmMessage.AskLease ask =
          new SwarmMessage.AskLease(swarm.id(), bits(0), List.of(), 0, 0, MIB, true);
      // The view with which it joined may come only now.
      await(
          () -> {
            swarm.view(same, members, true);
            swarm.asked(Ids.B, ask);
            return Inside.leased(node, Ids.B).equals(bits(0));
          });
      swarm.view(other, members, false);
      swarm.view(other, members, true);
      assertEquals(bits(), Inside.leased(node, Ids.B));
    }
  }

  @Test
  void theSameListingInAnotherOrderIsTheSameSwarm() {
    try (SwarmNode node = OneNode.join(folder)) {
      Swarm swarm = node.enter(OneNode.listed(file(0, MIB), file(1, MIB)), Map.of());
      assertSame(swarm, node.enter(OneNode.listed(file(1, MIB), file(0, MIB)), Map.of()));
      assertNotSame(swarm, node.enter(OneNode.listed(file(0, MIB), file(2, MIB)), Map.of()));
    }
  }

  @Test
  void whatASyncHasAndLingersForIsNotForgottenThoughNobodyElseWantsIt() throws Exception {
    Path held = Files.write(folder.resolve("held"), new byte[(int) MIB]);
    SwarmMessage.Listed listed = OneNode.listed(file(0, MIB));
    try (SwarmNode node = OneNode.join(folder.resolve("meet"))) {
      long later = node.now() + Duration.ofHours(1).toMillis();
      // As for others who do not take part any more.
      assertTrue(node.enter(listed, Map.of(blob(0), held)).isForgotten(later));
      Swarm swarm = node.enter(listed, Map.of(blob(0), held), null);
      swarm.done();
      assertFalse(swarm.isForgotten(later + 1));
      assertSame(swarm, node.enter(listed, Map.of()));
      assertFalse(swarm.isForgotten(later + Duration.ofHours(1).toMillis()));
    }
  }

  @Test
  void whoIsNoMemberIsForgottenByTheCoordinatorToo() {
    try (SwarmNode node = OneNode.join(folder)) {
      await(node::coordinates);
      Swarm swarm = node.enter(OneNode.listed(file(0, MIB)), Map.of());
      Letters letters = (Letters) Objects.requireNonNull(Fields.get(node, "letters"));
      letters.view(new ClusterView(List.of(node.self(), Ids.B)));
      letters.received(Ids.B, Ids.card("b"));
      for (NodeId from : List.of(Ids.B, Ids.C)) {
        swarm.told(from, new SwarmMessage.Have(swarm.id(), true, List.of(whole(0)), true));
      }
      assertEquals(2, holders(swarm, 0), "it may come before the view with its node");
      swarm.tick(node.now() + Duration.ofMinutes(1).toMillis());
      assertEquals(1, holders(swarm, 0));
      assertTrue(swarm.maps.slot(Ids.B) >= 0);
    }
  }

  /** A part that notes whether it was looked at with the swarm's lock held. */
  private record Slow(Ids.Part part, Swarm swarm, List<Boolean> locked) implements OpenPart {
    @Override
    public ChunkGrid grid() {
      return part.grid();
    }

    @Override
    public BitSet have() {
      locked.add(swarm.lock.isHeldByCurrentThread());
      return part.have();
    }

    @Override
    public int crc(int chunk) {
      locked.add(swarm.lock.isHeldByCurrentThread());
      return part.crc(chunk);
    }

    @Override
    public Path path() {
      return part.path();
    }
  }

  @Test
  void aPartThatWaitsForTheDiskDoesNotHoldTheSwarmUp() {
    try (SwarmNode node = OneNode.join(folder)) {
      Swarm swarm = node.enter(OneNode.listed(file(0, 4 * MIB)), Map.of());
      Slow part = new Slow(new Ids.Part(4 * MIB, MIB, 0, 1), swarm, new ArrayList<>());
      swarm.opened(FILE, part);
      part.part.held().set(2);
      swarm.held(FILE, part, part.grid().chunk(2));
      part.part.held().andNot(bits(0, 1));
      swarm.lost(FILE, part);
      assertEquals(MIB, swarm.figures().status().held());
      assertEquals(List.of(false), part.locked.stream().distinct().toList());
    }
  }
}
