package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.bits;
import static dev.exodl.swarm.Ids.card;
import static dev.exodl.swarm.Ids.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.Fields;
import dev.exodl.cluster.ClusterView;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LettersTest {
  @TempDir Path folder;

  @Test
  void whoSaysWhoItIsBeforeTheMergedViewIsHereIsKnownAfterwards() {
    try (SwarmNode node = OneNode.join(folder)) {
      // The view with which it joined does not know of another one.
      SwarmTest.await(node::coordinates);
      Letters letters = new Letters(node, SeedSource.NONE);
      letters.received(B, card("b"));
      assertEquals(Optional.empty(), node.members().card(B));
      letters.view(new ClusterView(List.of(node.self(), B)));
      assertEquals(Optional.of(card("b")), node.members().card(B));
    }
  }

  @Test
  void whatTheUserShouldKnowOfTheClusterIsAWarning() {
    List<String> warned = new CopyOnWriteArrayList<>();
    List<String> detailed = new CopyOnWriteArrayList<>();
    NodeListener user =
        new NodeListener() {
          @Override
          public void warn(String text) {
            warned.add(text);
          }

          @Override
          public void detail(String text) {
            detailed.add(text);
          }
        };
    try (SwarmNode node = OneNode.join(folder, LettersTest::nobodyKnows, SeedSource.NONE, user)) {
      of(node).warning("refused");
      of(node).detail("odd");
    }
    assertEquals(List.of("refused"), warned);
    assertTrue(detailed.contains("odd"));
  }

  private static void await(BooleanSupplier done) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "it takes too long");
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static Letters of(SwarmNode node) {
    return (Letters) Objects.requireNonNull(Fields.get(node, "letters"));
  }

  private static ListingSource.Snapshot nobodyKnows(Repo repo, Revision revision) {
    throw new FailureException(new Failure.Network("nobody asks it", "the hub", ""));
  }

  private static boolean isCalm(Letters letters) {
    Map<?, ?> early = (Map<?, ?>) Objects.requireNonNull(Fields.get(letters, "early"));
    synchronized (early) {
      return early.isEmpty();
    }
  }

  private static SwarmMessage.Have have(SwarmId id) {
    return new SwarmMessage.Have(id, true, List.of(), false);
  }

  private static SwarmId id(int number) {
    Commit commit = new Commit("%040x".formatted(number));
    return new SwarmId(OneNode.listed(commit).repo(), commit);
  }

  @Test
  void whatComesWhileTheSnapshotIsEnteredIsHeard() {
    try (SwarmNode node = OneNode.join(folder)) {
      Swarm swarm = node.enter(OneNode.listed(file(0, 10)), Map.of());
      Letters letters = of(node);
      List<Swarm> heard = new CopyOnWriteArrayList<>();
      letters.later(swarm.id(), B, heard::add);
      assertEquals(List.of(swarm), heard);
      letters.received(B, have(swarm.id()));
      assertTrue(swarm.maps.nodes().contains(B), "and what comes then");
    }
  }

  /** Tells a node that only serves of a snapshot, again and again. */
  private int looks(boolean open, boolean has) {
    AtomicInteger looks = new AtomicInteger();
    ListingSource hub =
        (repo, revision) -> {
          looks.incrementAndGet();
          if (!open) {
            throw new FailureException(new Failure.Network("it broke off", "the hub", ""));
          }
          return new ListingSource.Snapshot(
              new Commit(revision.name()), true, List.of(file(0, 10)));
        };
    SeedSource seeds =
        new SeedSource() {
          @Override
          public Map<BlobId, Path> held(SwarmId swarm, List<Entry> files) {
            return Map.of();
          }

          @Override
          public boolean has(Repo repo) {
            return has;
          }
        };
    try (SwarmNode node = OneNode.join(folder.resolve("meet-" + open + has), hub, seeds)) {
      await(node::coordinates);
      Letters letters = of(node);
      for (int i = 0; i < 5; i++) {
        letters.received(B, have(id(1)));
        await(() -> isCalm(letters));
        Swarm swarm = node.swarm(id(1));
        if (swarm != null) {
          for (int minute = 1; minute <= 5; minute++) {
            letters.restockIfOld(swarm, node.now() + minute * 61_000L);
          }
        }
      }
      return looks.get();
    }
  }

  @Test
  void whoServesAsksTheHubOnceWhatASnapshotIs() {
    assertEquals(1, looks(true, true));
  }

  @Test
  void whoServesDoesNotAskAHubThatFailsAgainAndAgain() {
    assertEquals(1, looks(false, true));
  }

  @Test
  void whoHasNothingOfARepoDoesNotAskWhatItIs() {
    assertEquals(0, looks(true, false));
  }

  @Test
  void oneNodeDoesNotMakeACoordinatorTakePartInAnyNumberOfSnapshots() {
    ListingSource hub =
        (repo, revision) ->
            new ListingSource.Snapshot(new Commit(revision.name()), true, List.of(file(0, 10)));
    try (SwarmNode node = OneNode.join(folder, hub, (swarm, files) -> Map.of())) {
      await(node::coordinates);
      Letters letters = of(node);
      for (int i = 0; i < 2 * SpokenOf.OF_ONE_MOST; i++) {
        letters.received(B, have(id(i)));
        await(() -> isCalm(letters));
      }
      assertEquals(SpokenOf.OF_ONE_MOST, node.swarms().size());
      letters.received(C, have(id(1000)));
      await(() -> node.swarms().size() == SpokenOf.OF_ONE_MOST + 1);
    }
  }

  /** One that lists any commit: of number 1 there is more than a node takes part in for others. */
  private SwarmNode listing() {
    return OneNode.join(
        folder,
        (repo, revision) -> {
          Commit commit = new Commit(revision.name());
          long bytes = commit.equals(id(1).commit()) ? 1L << 47 : 4 << 20;
          return new ListingSource.Snapshot(commit, true, List.of(file(0, bytes)));
        },
        SeedSource.NONE);
  }

  @Test
  void whenWhoSpokeFirstCannotSayWhatItIsTheNextOneIsAskedAndAllIsHeard() {
    try (SwarmNode node = OneNode.join(folder)) {
      await(node::coordinates);
      Letters letters = of(node);
      try (SwarmNode other = listing()) {
        await(() -> node.members().all().contains(other.self()));
        var whole = List.of(new SwarmMessage.HeldChunks(0, bits(0), List.of()));
        synchronized (Objects.requireNonNull(Fields.get(letters, "early"))) {
          letters.received(B, have(id(2)));
          letters.received(other.self(), new SwarmMessage.Have(id(2), true, whole, true));
        }
        await(() -> node.swarm(id(2)) != null);
        Swarm swarm = Objects.requireNonNull(node.swarm(id(2)));
        await(() -> swarm.maps.holds(other.self(), 0, 0));
      }
    }
  }

  @Test
  void nobodyMakesACoordinatorTakePartInASnapshotOfAnySize() {
    try (SwarmNode node = OneNode.join(folder)) {
      await(node::coordinates);
      Letters letters = of(node);
      try (SwarmNode other = listing()) {
        await(() -> node.members().all().contains(other.self()));
        letters.received(other.self(), have(id(1)));
        letters.received(other.self(), have(id(2)));
        await(() -> node.swarm(id(2)) != null && isCalm(letters));
        assertNull(node.swarm(id(1)));
      }
    }
  }

  @Test
  void aNewcomerIsToldTheCardAsItIsWhenItGoes() throws Exception {
    Path held = Files.write(folder.resolve("held"), new byte[10]);
    SwarmMessage.Listed listed = OneNode.listed(file(0, 10));
    try (SwarmNode one = OneNode.join(folder.resolve("meet"))) {
      await(one::coordinates);
      AtomicBoolean goesOn = new AtomicBoolean();
      one.put(() -> await(goesOn::get));
      try (SwarmNode two = OneNode.join(folder.resolve("meet"))) {
        await(() -> one.members().all().contains(two.self()));
        // A view that comes later than that waits for the lock below, and the card behind it.
        await(() -> two.members().all().contains(one.self()));
        Swarm swarm = two.enter(listed, Map.of());
        // Who hears of a card waits for this lock, so there is no second one yet.
        swarm.lock.lock();
        try {
          one.enter(listed, Map.of(Ids.blob(0), held));
          goesOn.set(true);
          await(() -> two.members().card(one.self()).isPresent());
          assertEquals(Set.of(swarm.id()), two.members().card(one.self()).orElseThrow().swarms());
        } finally {
          swarm.lock.unlock();
        }
      }
    }
  }

  @Test
  void howOthersAreIsNotKeptWhenNobodyAskedThem() throws Exception {
    try (SwarmNode node = OneNode.join(folder)) {
      await(node::coordinates);
      Letters letters = of(node);
      Object statuses = Objects.requireNonNull(Fields.get(letters, "statuses"));
      SwarmMessage.Status status = new SwarmMessage.Status(card("b"), "1", List.of());
      letters.received(node.self(), status);
      assertNull(Fields.get(statuses, "answers"));
      assertEquals(List.of(), node.status(Duration.ofMillis(10)).nodes());
      letters.received(node.self(), status);
      assertNull(Fields.get(statuses, "answers"));
    }
  }

  private static Set<?> voices(SwarmNode at, NodeId of) {
    Shunned shunned = at.shunned();
    synchronized (shunned) {
      Object voices = ((Map<?, ?>) Objects.requireNonNull(Fields.get(shunned, "reports"))).get(of);
      return voices == null ? Set.of() : Set.copyOf((Set<?>) voices);
    }
  }

  @Test
  void whoComesLaterHearsWhoWasSeenLyingFromThoseWhoSawItOnly() {
    try (SwarmNode one = OneNode.join(folder);
        SwarmNode two = OneNode.join(folder);
        SwarmNode liar = OneNode.join(folder)) {
      NodeId bad = liar.self();
      await(() -> one.others() == 2 && two.others() == 2);
      one.shun(bad, "it lied");
      await(() -> voices(two, bad).equals(Set.of(one.self())));
      try (SwarmNode third = OneNode.join(folder)) {
        await(() -> voices(third, bad).equals(Set.of(one.self())));
        assertFalse(third.isShunned(bad), "that is one voice");
        two.shun(bad, "it lied to me too");
        await(() -> third.isShunned(bad));
        try (SwarmNode fourth = OneNode.join(folder)) {
          await(() -> fourth.isShunned(bad));
          await(() -> fourth.others() == 4);
          assertEquals(Set.of(one.self(), two.self()), voices(fourth, bad), "not the third's");
        }
      }
    }
  }
}
