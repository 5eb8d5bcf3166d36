package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.D;
import static dev.exodl.swarm.Ids.OTHER_SWARM;
import static dev.exodl.swarm.Ids.SWARM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.ClusterView;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.SwarmMessage.AskShare;
import dev.exodl.plan.swarm.SwarmMessage.Dealt;
import dev.exodl.plan.swarm.SwarmMessage.Taker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets which share: node A coordinates at first. */
@Timeout(30)
class DealsTest {
  private record Sent(NodeId from, NodeId to, SwarmMessage message) {}

  private final List<Sent> sent = new ArrayList<>();
  private volatile long now;

  /** A node that knows these members. */
  private final class Node implements Listings.Post {
    final NodeId id;
    final Members members = new Members();
    volatile boolean hears;
    volatile boolean closed;
    final Deals deals = new Deals(members, this, () -> now, () -> hears);

    Node(NodeId id, NodeId... all) {
      this.id = id;
      view(all);
    }

    void view(NodeId... all) {
      members.view(new ClusterView(List.of(all)));
    }

    @Override
    public NodeId self() {
      return id;
    }

    @Override
    public void send(NodeId to, SwarmMessage message) {
      synchronized (sent) {
        sent.add(new Sent(id, to, message));
      }
    }

    @Override
    public boolean isClosed() {
      return closed;
    }
  }

  private static AskShare ask(SplitBy by, long memory, int nodes) {
    return new AskShare(SWARM, by, memory, nodes);
  }

  private static AskShare ask(int nodes) {
    return ask(SplitBy.EQUAL, 1, nodes);
  }

  private static Dealt dealt(SplitBy by, Taker... takers) {
    return new Dealt(SWARM, by, List.of(takers));
  }

  private static Dealt dealt(NodeId... to) {
    return new Dealt(SWARM, SplitBy.EQUAL, Arrays.stream(to).map(n -> new Taker(n, 1)).toList());
  }

  /** What was sent since the last look. */
  private List<Sent> sent() {
    synchronized (sent) {
      List<Sent> all = List.copyOf(sent);
      sent.clear();
      return all;
    }
  }

  @Test
  void itIsDealtWhenAsManyAskedAsWereSaidToComeInTheOrderOfTheirAge() {
    Node a = new Node(A, A, B, C);
    a.deals.asked(C, ask(SplitBy.MEMORY, 30, 3));
    a.deals.asked(A, ask(SplitBy.MEMORY, 10, 1));
    now = 9_999;
    a.deals.due();
    assertEquals(List.of(), sent());
    a.deals.asked(B, ask(SplitBy.MEMORY, 20, 3));
    Dealt dealt = dealt(SplitBy.MEMORY, new Taker(A, 10), new Taker(B, 20), new Taker(C, 30));
    assertEquals(
        List.of(new Sent(A, C, dealt), new Sent(A, A, dealt), new Sent(A, B, dealt)), sent());
  }

  @Test
  void whereNobodySaysHowManyThoseShareThatAskSoon() {
    Node a = new Node(A, A, B, C);
    a.deals.asked(B, ask(1));
    now = 2_900;
    a.deals.asked(A, ask(1));
    assertEquals(List.of(), sent());
    now = 3_000;
    a.deals.due();
    assertEquals(List.of(new Sent(A, B, dealt(A, B)), new Sent(A, A, dealt(A, B))), sent());
  }

  @Test
  void whoWantsNoShareIsNotWaitedForForEver() {
    Node a = new Node(A, A, B, C);
    a.deals.asked(B, ask(3));
    now = 10_000;
    a.deals.due();
    assertEquals(List.of(new Sent(A, B, dealt(B))), sent());
  }

  @Test
  void whoIsGoneGetsNone() {
    Node a = new Node(A, A, B, C);
    a.deals.asked(B, ask(2));
    a.view(A, C);
    a.deals.asked(C, ask(2));
    assertEquals(List.of(), sent(), "one of them is left");
    a.deals.asked(A, ask(2));
    assertEquals(List.of(new Sent(A, C, dealt(A, C)), new Sent(A, A, dealt(A, C))), sent());
  }

  @Test
  void theFirstOneThatAskedSaysHow() {
    Node a = new Node(A, A, B);
    a.deals.asked(B, ask(SplitBy.BYTES, 1, 2));
    a.deals.asked(A, ask(SplitBy.EQUAL, 1, 2));
    assertEquals(SplitBy.BYTES, ((Dealt) sent().getFirst().message()).by());
  }

  @Test
  void whoAsksAgainIsAnsweredTheSame() {
    Node a = new Node(A, A, B, C);
    a.deals.asked(A, ask(2));
    a.deals.asked(A, ask(2));
    a.deals.asked(B, ask(2));
    sent();
    a.deals.asked(B, ask(2));
    assertEquals(List.of(new Sent(A, B, dealt(A, B))), sent());
  }

  @Test
  void whoComesLateGetsNoneAndIsToldSoAfterAWhile() {
    Node a = new Node(A, A, B, C);
    a.deals.asked(A, ask(2));
    a.deals.asked(B, ask(2));
    sent();
    a.deals.asked(C, ask(2));
    assertEquals(List.of(), sent());
    now = Deals.LATE_MILLIS;
    a.deals.asked(C, ask(2));
    assertEquals(List.of(new Sent(A, C, dealt(A, B))), sent());
  }

  @Test
  void whoComesLateGetsTheShareOfOneThatIsGoneAsItIs() {
    Node a = new Node(A, A, B, C);
    a.deals.asked(A, ask(SplitBy.MEMORY, 5, 2));
    a.deals.asked(B, ask(SplitBy.MEMORY, 7, 2));
    sent();
    a.view(A, C, D);
    a.deals.asked(C, ask(SplitBy.MEMORY, 9, 2));
    Dealt now = dealt(SplitBy.MEMORY, new Taker(A, 5), new Taker(C, 7));
    assertEquals(List.of(new Sent(A, A, now), new Sent(A, C, now)), sent());
    a.deals.asked(D, ask(SplitBy.MEMORY, 9, 2));
    assertEquals(List.of(), sent(), "nobody else is gone");
  }

  @Test
  void aNewCoordinatorIsToldAndDealsNothingAnew() throws Exception {
    Node a = new Node(A, A, B, C);
    Node b = new Node(B, A, B, C);
    Node c = new Node(C, A, B, C);
    FutureTask<Hand> asking = new FutureTask<>(() -> b.deals.ask(ask(2)));
    Thread.ofVirtual().start(asking);
    SwarmTest.await(() -> !sent().isEmpty());
    a.deals.asked(A, ask(2));
    a.deals.asked(B, ask(2));
    b.deals.told(A, dealt(A, B));
    assertEquals(1, asking.get().number());
    sent();
    // Then B and A go, and C knows nothing.
    c.view(C, B);
    c.deals.asked(C, ask(1));
    b.view(C, B);
    b.deals.introduce(C);
    assertEquals(List.of(new Sent(B, C, dealt(A, B))), sent());
    c.deals.told(B, dealt(A, B));
    assertEquals(
        List.of(new Sent(C, C, dealt(C, B)), new Sent(C, B, dealt(C, B))),
        sent(),
        "who waits gets the share of the one that is gone");
    now = 60_000;
    c.deals.due();
    assertEquals(List.of(), sent());
  }

  @Test
  void aNewCoordinatorHearsTheOthersFirst() {
    Node b = new Node(B, B, C);
    b.hears = true;
    b.deals.asked(B, ask(2));
    b.deals.asked(C, ask(2));
    now = 60_000;
    b.deals.due();
    assertEquals(List.of(), sent());
    b.hears = false;
    b.deals.due();
    assertEquals(2, sent().size());
  }

  @Test
  void onlyTheCoordinatorDealsAndOnlyItsWordCounts() throws Exception {
    Node b = new Node(B, A, B, C);
    b.deals.asked(C, ask(1));
    now = 60_000;
    b.deals.due();
    assertEquals(List.of(), sent());
    FutureTask<Hand> asking = new FutureTask<>(() -> b.deals.ask(ask(SplitBy.MEMORY, 1, 2)));
    Thread.ofVirtual().start(asking);
    SwarmTest.await(() -> !sent().isEmpty());
    b.deals.told(C, dealt(B));
    b.deals.told(A, new Dealt(OTHER_SWARM, SplitBy.EQUAL, List.of(new Taker(B, 1))));
    b.deals.told(A, dealt(SplitBy.MEMORY, new Taker(C, 5), new Taker(B, 3)));
    assertEquals(new Hand(SplitBy.MEMORY, List.of(5L, 3L), 1), asking.get());
    b.deals.told(A, dealt(A, C));
    assertEquals(1, b.deals.ask(ask(SplitBy.MEMORY, 1, 2)).number(), "a share is for good");
  }

  @Test
  void whoHasNoShareIsToldThat() throws Exception {
    Node b = new Node(B, A, B, C);
    FutureTask<Hand> asking = new FutureTask<>(() -> b.deals.ask(ask(2)));
    Thread.ofVirtual().start(asking);
    SwarmTest.await(() -> !sent().isEmpty());
    b.deals.told(A, dealt(A, C));
    assertEquals(-1, asking.get().number());
    assertEquals(2, asking.get().of());
  }

  @Test
  void whoAsksGoesOnWhenTheCoordinatorIsAnotherOne() throws Exception {
    Node c = new Node(C, A, B, C);
    FutureTask<Hand> asking = new FutureTask<>(() -> c.deals.ask(ask(2)));
    Thread.ofVirtual().start(asking);
    SwarmTest.await(() -> sent().stream().anyMatch(s -> s.to().equals(A)));
    c.view(B, C);
    SwarmTest.await(
        () -> {
          now += 1000;
          return sent().stream().anyMatch(s -> s.to().equals(B));
        });
    c.deals.told(B, dealt(B, C));
    assertEquals(1, asking.get().number());
  }

  @Test
  void whoLeavesDoesNotWait() {
    Node b = new Node(B, A, B);
    b.closed = true;
    assertThrows(InterruptedException.class, () -> b.deals.ask(ask(2)));
  }

  @Test
  void moreThanTheMostShareNothing() {
    NodeId[] all =
        IntStream.range(0, Dealt.MOST + 1)
            .mapToObj(i -> new NodeId("%032x".formatted(i)))
            .toArray(NodeId[]::new);
    Node first = new Node(all[0], all);
    for (NodeId node : all) {
      first.deals.asked(node, ask(all.length));
    }
    List<Sent> told = sent();
    assertEquals(all.length, told.size());
    assertEquals(Dealt.MOST, ((Dealt) told.getFirst().message()).takers().size());
  }

  @Test
  void whatWasDealtIsForgottenWhenNobodyOfItIsHere() {
    // A serves, and has no share.
    Node a = new Node(A, A, B, C);
    a.deals.asked(B, ask(2));
    a.deals.asked(C, ask(2));
    sent();
    a.view(A, D);
    a.deals.asked(D, ask(SplitBy.MEMORY, 7, 1));
    assertEquals(List.of(), sent(), "half of the model would be on no node");
    now = Deals.GATHER_MILLIS;
    a.deals.due();
    assertEquals(List.of(new Sent(A, D, dealt(SplitBy.MEMORY, new Taker(D, 7)))), sent());
  }

  @Test
  void whatWasDealtToNodesThatAreGoneDoesNotHideWhatWasDealtElsewhere() {
    Node a = new Node(A, A, B);
    a.deals.asked(B, ask(1));
    now = Deals.GATHER_MILLIS;
    a.deals.due();
    sent();
    // B is gone, and then a part comes in which C and another one share.
    a.view(A, C);
    a.deals.told(C, dealt(C, D));
    a.view(A, C, B);
    a.deals.asked(B, ask(1));
    assertEquals(List.of(new Sent(A, C, dealt(C, B)), new Sent(A, B, dealt(C, B))), sent());
  }

  @Test
  void whoIsStartedAgainOnAHostGetsTheShareOfThatHost() {
    NodeId again = new NodeId("e".repeat(32));
    Node a = new Node(A, A, B, C, D);
    a.members.card(B, card("10.0.0.2"));
    a.members.card(C, card("10.0.0.3"));
    a.members.card(D, card("10.0.0.4"));
    for (NodeId node : List.of(B, C, D)) {
      a.deals.asked(node, ask(3));
    }
    sent();
    // B has what it wanted and left, D was killed.
    a.view(A, C, again);
    a.members.card(again, card("10.0.0.4"));
    a.deals.asked(again, ask(3));
    assertEquals(new Sent(A, again, dealt(B, C, again)), sent().getLast());
  }

  private static SwarmMessage.Card card(String host) {
    return new SwarmMessage.Card("node", host, 7872, "", "", true, false);
  }

  @Test
  void whatADealIsWithoutAShareInItIsNotBelieved() {
    Node a = new Node(A, A, B, C);
    a.deals.told(C, dealt(D));
    a.deals.asked(A, ask(2));
    a.deals.asked(B, ask(2));
    assertEquals(List.of(new Sent(A, A, dealt(A, B)), new Sent(A, B, dealt(A, B))), sent());
  }

  /** Each looks at all that are here and all that asked only when one of them is new. */
  @Test
  void manyThatAskAgainAreNoWork() {
    int[] looked = {0};
    List<NodeId> all =
        IntStream.range(0, 1_000).mapToObj(i -> new NodeId("%032x".formatted(i))).toList();
    Node first = new Node(all.getFirst(), all.toArray(NodeId[]::new));
    Members counted =
        new Members() {
          @Override
          synchronized List<NodeId> all() {
            looked[0]++;
            return super.all();
          }
        };
    counted.view(new ClusterView(all));
    Deals deals = new Deals(counted, first, () -> now, () -> false);
    for (int round = 0; round < 3; round++) {
      all.forEach(node -> deals.asked(node, ask(all.size() + 1)));
    }
    now = Deals.LONGEST_MILLIS;
    deals.due();
    all.forEach(node -> deals.asked(node, ask(1)));
    assertTrue(looked[0] <= 2, looked[0] + " times");
  }
}
