package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.bits;
import static dev.exodl.swarm.Ids.card;
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
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Member;
import dev.exodl.plan.swarm.Neighbours;
import dev.exodl.plan.swarm.Place;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TellingTest {
  private static final SwarmId SWARM =
      new SwarmId(new Repo(RepoType.MODEL, "org/model"), new Commit("c".repeat(40)));

  private final SwarmBlobs blobs = new SwarmBlobs(List.of(file(0, 64 * MIB)));
  private final HaveMaps maps = new HaveMaps(blobs);

  private record Sent(NodeId to, SwarmMessage.Have have) {}

  /** Nodes by their numbers; the first one coordinates, and this one is the second. */
  private static final class Others implements Crowd {
    final Members members = new Members();
    final List<Sent> sent = new ArrayList<>();
    long now = 5_000_000;

    Others(int number) {
      List<NodeId> all = IntStream.range(0, number).mapToObj(Others::number).toList();
      members.view(new ClusterView(all));
      all.stream().filter(n -> !n.equals(self())).forEach(n -> members.card(n, card("n")));
    }

    static NodeId number(int number) {
      return new NodeId(String.format("%032x", number));
    }

    @Override
    public NodeId self() {
      return number(1);
    }

    @Override
    public Members members() {
      return members;
    }

    @Override
    public Collection<NodeId> listeners() {
      List<Member> all =
          members.all().stream().map(n -> new Member(n, new Place("", "", "10.0.0.1"))).toList();
      return Neighbours.of(self(), all, TellPolicy.NEIGHBOURS).near().keySet();
    }

    @Override
    public void send(Collection<NodeId> to, SwarmMessage message) {
      to.forEach(n -> sent.add(new Sent(n, (SwarmMessage.Have) message)));
    }

    @Override
    public long now() {
      return now;
    }

    /** What was sent to the coordinator since this was asked last. */
    List<SwarmMessage.Have> toCoordinator() {
      List<SwarmMessage.Have> told =
          sent.stream().filter(s -> s.to.equals(number(0))).map(Sent::have).toList();
      sent.clear();
      return told;
    }
  }

  private Telling telling(Others others) {
    Telling telling = new Telling(SWARM, blobs, maps, others);
    telling.wanted.set(0);
    telling.all();
    return telling;
  }

  /** Of a cluster in which the coordinator is no neighbour of this node. */
  private static Others many() {
    for (int number = 200; ; number++) {
      Others others = new Others(number);
      if (!others.listeners().contains(Others.number(0))) {
        return others;
      }
    }
  }

  private static BitSet chunks(List<SwarmMessage.Have> told) {
    BitSet chunks = new BitSet();
    for (SwarmMessage.Have have : told) {
      have.held().forEach(h -> h.held().stream().forEach(c -> chunks.set(h.first() + c)));
    }
    return chunks;
  }

  /** Chunks come, one each 100 ms, and what is due is told. */
  private static void come(Telling telling, Others others, int first, int end) {
    for (int c = first; c < end; c++) {
      others.now += 100;
      telling.own.chunk(0, c, c);
      telling.freshIfDue(others.now);
    }
  }

  @Test
  void inASmallClusterAllHearTheSameAtTheSameTime() {
    Others others = new Others(11);
    Telling telling = telling(others);
    others.sent.clear();
    telling.own.chunk(0, 3, 7);
    telling.freshIfDue(others.now);
    assertEquals(10, others.sent.size());
    assertEquals(1, others.sent.stream().map(Sent::have).distinct().count());
    telling.own.chunk(0, 4, 7);
    telling.freshIfDue(others.now + 124);
    assertEquals(10, others.sent.size(), "each eighth of a second");
    telling.beforeClaim();
    assertEquals(20, others.sent.size());
    telling.freshIfDue(others.now + 5000);
    assertEquals(20, others.sent.size(), "nothing twice");
  }

  @Test
  void whereAllOthersHaveAllTheyWantTheyHearOnceASecond() {
    Others others = new Others(2);
    maps.told(Others.number(0), new SwarmMessage.Have(SWARM, true, List.of(), true));
    Telling telling = telling(others);
    others.sent.clear();
    come(telling, others, 0, 30);
    assertEquals(3, others.sent.size());
    maps.told(Others.number(0), new SwarmMessage.Have(SWARM, true, List.of(), false));
    others.sent.clear();
    come(telling, others, 30, 40);
    assertEquals(10, others.toCoordinator().size(), "who wants something hears it at once");
  }

  @Test
  void whoHasNoLeaseTellsAFarCoordinatorAsSeldomAsThereAreManyNodes() {
    Others others = many();
    int millis = TellPolicy.of(others.members.all().size()).coordinatorMillis();
    Telling telling = telling(others);
    assertEquals(1, others.toCoordinator().size(), "that it takes part");
    int number = millis / 100;
    come(telling, others, 0, number - 1);
    assertTrue(others.sent.size() >= 40, "the neighbours hear it");
    assertEquals(List.of(), others.toCoordinator());
    come(telling, others, number - 1, number);
    List<SwarmMessage.Have> told = others.toCoordinator();
    assertEquals(1, told.size());
    assertEquals(range(0, number), chunks(told));
    telling.freshIfDue(others.now + 10L * millis);
    assertEquals(List.of(), others.toCoordinator(), "nothing new, nothing told");
  }

  @Test
  void whoHasALeaseTellsItAsOftenAsItsNeighbours() {
    Others others = many();
    Telling telling = telling(others);
    others.sent.clear();
    telling.leases(true);
    come(telling, others, 0, 20);
    assertEquals(4, others.toCoordinator().size(), "each half second");
    telling.leases(false);
    come(telling, others, 20, 30);
    assertEquals(List.of(), others.toCoordinator());
  }

  @Test
  void newsGoBeforeClaims() {
    Others others = many();
    Telling telling = telling(others);
    come(telling, others, 0, 10);
    others.sent.clear();
    telling.beforeClaim();
    assertEquals(List.of(Others.number(0)), others.sent.stream().map(Sent::to).toList());
    assertEquals(range(0, 10), chunks(others.toCoordinator()));
    telling.beforeClaim();
    assertEquals(List.of(), others.sent, "once");
  }

  @Test
  void thatAllIsHereIsToldAtOnce() {
    Others others = many();
    Telling telling = telling(others);
    come(telling, others, 0, 10);
    others.sent.clear();
    telling.done();
    List<SwarmMessage.Have> told = others.toCoordinator();
    assertEquals(1, told.size());
    assertTrue(told.getFirst().done());
    assertEquals(range(0, 10), chunks(told));
  }

  @Test
  void aCoordinatorThatBecomesANeighbourHearsAlsoWhatTheOthersKnow() {
    Others others = many();
    Telling telling = telling(others);
    come(telling, others, 0, 10);
    telling.own.news.take();
    others.members.view(new ClusterView(IntStream.range(0, 11).mapToObj(Others::number).toList()));
    others.sent.clear();
    others.now += 1000;
    telling.own.chunk(0, 10, 10);
    telling.freshIfDue(others.now);
    assertEquals(range(0, 11), chunks(others.toCoordinator()));
  }

  @Test
  void anotherCoordinatorIsToldAllBeforeAnythingIsClaimed() {
    Others others = many();
    Telling telling = telling(others);
    come(telling, others, 0, 10);
    NodeId next =
        others.members.all().stream()
            .filter(n -> !n.equals(others.self()) && !n.equals(Others.number(0)))
            .filter(n -> !others.listeners().contains(n))
            .findFirst()
            .orElseThrow();
    List<NodeId> all = new ArrayList<>(others.members.all());
    all.remove(next);
    all.addFirst(next);
    others.members.view(new ClusterView(all));
    telling.otherCoordinator();
    others.sent.clear();
    telling.own.chunk(0, 10, 10);
    telling.beforeClaim();
    List<Sent> told = others.sent.stream().filter(s -> s.to.equals(next)).toList();
    assertTrue(told.getFirst().have().all());
    assertEquals(range(0, 11), chunks(told.stream().map(Sent::have).toList()));
    assertFalse(told.stream().anyMatch(s -> s.have().done()));
  }

  private static ClusterView of(int nodes) {
    return new ClusterView(IntStream.range(0, nodes).mapToObj(Others::number).toList());
  }

  @Test
  void whoIsANeighbourAgainHearsAllThatItMissed() {
    Others others = new Others(41);
    Telling telling = telling(others);
    come(telling, others, 0, 10);
    others.members.view(of(300));
    telling.audienceChanged();
    List<NodeId> apart =
        of(41).members().stream()
            .filter(n -> !n.equals(others.self()) && !n.equals(Others.number(0)))
            .filter(n -> !others.listeners().contains(n))
            .toList();
    assertFalse(apart.isEmpty());
    come(telling, others, 10, 20);
    others.sent.clear();
    others.members.view(of(41));
    telling.audienceChanged();
    List<Sent> told = List.copyOf(others.sent);
    assertEquals(apart, told.stream().map(Sent::to).sorted().toList(), "and nobody else");
    told.forEach(
        s -> {
          assertTrue(s.have().all());
          assertEquals(range(0, 20), chunks(List.of(s.have())));
        });
  }

  @Test
  void whoIsDoneTellsItToNewNeighbours() {
    Others others = new Others(41);
    Telling telling = telling(others);
    come(telling, others, 0, 64);
    telling.done();
    others.sent.clear();
    others.members.view(of(300));
    telling.audienceChanged();
    List<NodeId> strangers =
        others.listeners().stream().filter(n -> !of(41).members().contains(n)).sorted().toList();
    assertFalse(strangers.isEmpty());
    assertEquals(strangers, others.sent.stream().map(Sent::to).sorted().toList());
    assertTrue(others.sent.stream().allMatch(s -> s.have().done() && s.have().all()));
  }

  @Test
  void whoDoesNotKnowAnyMoreWhatItWasToldHearsAllAgainOnce() {
    Others others = new Others(5);
    Telling telling = telling(others);
    others.sent.clear();
    telling.forget(List.of(Others.number(3)));
    telling.audienceChanged();
    telling.audienceChanged();
    assertEquals(List.of(Others.number(3)), others.sent.stream().map(Sent::to).toList());
  }

  @Test
  void whatIsNotTrueAnyMoreIsToldToAll() {
    Others others = many();
    Telling telling = telling(others);
    come(telling, others, 0, 2);
    others.sent.clear();
    telling.own.forget(0);
    telling.own.chunk(0, 1, 1);
    telling.allAgain();
    assertEquals(others.listeners().size() + 1, others.sent.size());
    assertTrue(others.sent.getFirst().have().all());
    assertEquals(bits(1), chunks(others.toCoordinator()));
  }
}
