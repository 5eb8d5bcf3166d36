package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.A;
import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.C;
import static dev.exodl.swarm.Ids.D;
import static dev.exodl.swarm.Ids.file;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.ClusterView;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.SwarmMessage.AskListing;
import dev.exodl.plan.swarm.SwarmMessage.Listed;
import dev.exodl.plan.swarm.SwarmMessage.NotListed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Node B of a cluster of A, which coordinates, B, and C. */
@Timeout(30)
class ListingsTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/model");
  private static final Commit COMMIT = new Commit("c".repeat(40));
  private static final List<Entry> FILES = List.of(file(0, 10));
  private static final AskListing ASK = new AskListing(REPO, Revision.MAIN, false);
  private static final Listed LISTED = listed(true);
  private static final Consumer<Listed> ANY = told -> {};
  private static final Failure GONE = new Failure.NotFound("no such repo", "org/model", "look");
  private static final Failure BROKEN = new Failure.Network("it broke off", "the hub", "go on");

  private static Listed listed(boolean open) {
    return new Listed(REPO, Revision.MAIN, COMMIT, open, FILES);
  }

  private static NotListed not(Failure failure) {
    return new NotListed(REPO, Revision.MAIN, failure);
  }

  private record Sent(NodeId to, SwarmMessage message) {}

  private final Members members = new Members();
  private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private final Map<NodeId, SwarmMessage> answers = new HashMap<>();
  private final AtomicInteger looks = new AtomicInteger();
  private Supplier<ListingSource.Snapshot> hub =
      () -> new ListingSource.Snapshot(COMMIT, true, FILES);
  private Optional<ListingSource.Snapshot> onDisk = Optional.empty();
  private volatile boolean closed;
  private Listings listings = node(false);

  ListingsTest() {
    members.view(new ClusterView(List.of(A, B, C)));
  }

  private Listings node(boolean keyed) {
    ListingSource source =
        new ListingSource() {
          @Override
          public Snapshot find(Repo repo, Revision revision) {
            looks.incrementAndGet();
            return hub.get();
          }

          @Override
          public Optional<Snapshot> kept(Repo repo, Revision revision) {
            return onDisk;
          }
        };
    return new Listings(source, members, new FakePost(), new Heard(), keyed);
  }

  /** Others answer what the test said they do, or nothing. */
  private final class FakePost implements Listings.Post {
    @Override
    public NodeId self() {
      return B;
    }

    @Override
    public void send(NodeId to, SwarmMessage message) {
      sent.add(new Sent(to, message));
      SwarmMessage answer = answers.get(to);
      if (answer != null && message instanceof AskListing) {
        listings.told(to, answer);
      }
    }

    @Override
    public boolean isClosed() {
      return closed;
    }
  }

  private final List<String> warnings = new CopyOnWriteArrayList<>();

  private final class Heard implements NodeListener {
    @Override
    public void warn(String text) {
      warnings.add(text);
    }

    @Override
    public void detail(String text) {}
  }

  private static <T> FutureTask<T> begun(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  private FutureTask<Listed> ask() {
    return begun(() -> listings.ask(REPO, Revision.MAIN, ANY).listed());
  }

  /** What this node answered to another one. */
  private SwarmMessage answered(NodeId to) throws InterruptedException {
    Sent next = sent.poll(20, TimeUnit.SECONDS);
    assertTrue(next != null && next.to().equals(to), "to " + to + ": " + next);
    return next.message();
  }

  @Test
  void theCoordinatorIsAsked() throws Exception {
    answers.put(A, LISTED);
    assertEquals(LISTED, listings.ask(REPO, Revision.MAIN, ANY).listed());
    assertEquals(List.of(new Sent(A, ASK)), new ArrayList<>(sent));
    assertEquals(0, looks.get());
  }

  @Test
  void whenTheCoordinatorCannotTheNextMemberIsAsked() throws Exception {
    answers.put(A, not(BROKEN));
    assertEquals(LISTED, listings.ask(REPO, Revision.MAIN, ANY).listed());
    assertEquals(1, looks.get(), "the next one is this node");

    answers.put(C, LISTED);
    hub =
        () -> {
          throw new FailureException(BROKEN);
        };
    listings = node(false);
    assertEquals(LISTED, listings.ask(REPO, Revision.MAIN, ANY).listed());
  }

  @Test
  void whenNobodyCanItIsTheCoordinatorsFailureThatCounts() {
    answers.put(A, not(GONE));
    answers.put(C, not(BROKEN));
    hub =
        () -> {
          throw new FailureException(BROKEN);
        };
    FailureException e =
        assertThrows(FailureException.class, () -> listings.ask(REPO, Revision.MAIN, ANY));
    assertEquals(ToldFailure.of(GONE, members.name(A)), e.failure());
  }

  @Test
  void anotherNodesDiskDoesNotKeepThisOneFromWhatWasKept() throws Exception {
    answers.put(A, not(new Failure.Storage("the disk is full", "/home/ada", "free space")));
    answers.put(C, not(new Failure.Internal("a bug", "X.java:1", "report it")));
    hub =
        () -> {
          throw new FailureException(BROKEN);
        };
    onDisk = Optional.of(new ListingSource.Snapshot(COMMIT, true, FILES));
    assertEquals(LISTED, listings.ask(REPO, Revision.MAIN, ANY).listed());
  }

  @Test
  void aListingThatCannotBeDoesNotEndWhatOthersCanDo() throws Exception {
    answers.put(A, new Listed(REPO, Revision.MAIN, COMMIT, true, List.of(file(0, 1L << 60))));
    assertEquals(LISTED, listings.ask(REPO, Revision.MAIN, ANY).listed());
    assertEquals(1, looks.get(), "the next one is this node");
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains("is not used"), warnings.getFirst());
  }

  @Test
  void norDoesOneThatTheAskerCannotUse() throws Exception {
    answers.put(A, LISTED);
    Consumer<Listed> check =
        told -> {
          throw new FailureException(new Failure.Integrity("a bad name", "a listing", "look"));
        };
    assertEquals(LISTED, listings.ask(REPO, Revision.MAIN, check).listed());
    assertEquals(1, looks.get(), "what this node finds out itself is not checked here");
    assertTrue(warnings.getFirst().contains("a bad name"), warnings.getFirst());
  }

  @Test
  void aHiccupOfTheHubIsWaitedFor() throws Exception {
    answers.put(A, not(BROKEN));
    answers.put(C, not(BROKEN));
    hub =
        () -> {
          if (looks.get() == 1) {
            throw new FailureException(BROKEN);
          }
          return new ListingSource.Snapshot(COMMIT, true, FILES);
        };
    assertEquals(LISTED, listings.ask(REPO, Revision.MAIN, ANY).listed());
    assertEquals(2, looks.get());
  }

  @Test
  void aBugAtTheSourceIsAFailureToo() {
    answers.put(A, not(GONE));
    answers.put(C, not(GONE));
    hub =
        () -> {
          throw new IllegalStateException("oops");
        };
    assertThrows(FailureException.class, () -> listings.ask(REPO, Revision.MAIN, ANY));
  }

  @Test
  void aCoordinatorThatGoesIsNotWaitedFor() throws Exception {
    FutureTask<Listed> asking = ask();
    assertEquals(ASK, answered(A));
    members.view(new ClusterView(List.of(B, C)));
    assertEquals(LISTED, asking.get(10, TimeUnit.SECONDS));
    assertEquals(1, looks.get());
  }

  @Test
  void whoLeavesTheClusterDoesNotWait() throws Exception {
    FutureTask<Listed> asking = ask();
    assertEquals(ASK, answered(A));
    closed = true;
    Exception e = assertThrows(Exception.class, () -> asking.get(10, TimeUnit.SECONDS));
    assertInstanceOf(InterruptedException.class, e.getCause());
  }

  @Test
  void twoThatAskTheSameAtOnceBothGetTheAnswer() throws Exception {
    FutureTask<Listed> one = ask();
    assertEquals(ASK, answered(A));
    FutureTask<Listed> other = begun(() -> listings.askOne(A, REPO, Revision.MAIN));
    assertEquals(ASK, answered(A));
    listings.told(A, LISTED);
    listings.told(A, LISTED);
    assertEquals(LISTED, one.get(10, TimeUnit.SECONDS));
    assertEquals(LISTED, other.get(10, TimeUnit.SECONDS));
  }

  @Test
  void anAnswerCountsForTheQuestionOnly() throws Exception {
    answers.put(A, LISTED);
    assertEquals(LISTED, listings.ask(REPO, Revision.MAIN, ANY).listed());
    listings.told(A, not(GONE));
    assertEquals(LISTED, listings.ask(REPO, Revision.MAIN, ANY).listed(), "nobody had asked");
    answers.put(A, not(GONE));
    assertNull(listings.askOne(A, REPO, Revision.MAIN), "the answer before is not given again");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 12, 40})
  void manyWhoAskAtOnceCostOneLook(int many) throws Exception {
    CountDownLatch goesOn = held();
    List<NodeId> askers = askers(many);
    askers.forEach(node -> listings.asked(node, ASK));
    assertNull(sent.poll(), "nobody is sent on to another node");
    goesOn.countDown();
    Set<NodeId> told = new HashSet<>();
    for (int i = 0; i < many; i++) {
      Sent answer = sent.take();
      assertEquals(LISTED, answer.message());
      told.add(answer.to());
    }
    assertEquals(Set.copyOf(askers), told);
    assertEquals(1, looks.get());
    listings.asked(D, ASK);
    assertEquals(LISTED, answered(D));
    assertEquals(1, looks.get(), "and who asks a little later is told the same");
  }

  @Test
  void ofDifferentQuestionsSomeAreWorkedOnAtOnceAndTheOthersAreSentOn() throws Exception {
    CountDownLatch goesOn = held();
    for (int i = 0; i < 9; i++) {
      listings.asked(C, new AskListing(REPO, new Revision("branch-" + i), false));
    }
    NotListed busy = assertInstanceOf(NotListed.class, answered(C));
    assertEquals(new Revision("branch-8"), busy.revision());
    goesOn.countDown();
    for (int i = 0; i < 8; i++) {
      assertInstanceOf(Listed.class, answered(C));
    }
    listings.asked(C, new AskListing(REPO, new Revision("branch-8"), false));
    assertInstanceOf(Listed.class, answered(C), "who ended makes room");
  }

  private static List<NodeId> askers(int many) {
    return IntStream.range(0, many).mapToObj(i -> new NodeId("%032x".formatted(i))).toList();
  }

  /** The hub answers when the latch is down. */
  private CountDownLatch held() {
    CountDownLatch latch = new CountDownLatch(1);
    hub =
        () -> {
          try {
            latch.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return new ListingSource.Snapshot(COMMIT, true, FILES);
        };
    return latch;
  }

  @Test
  void aFailureIsNotToldForLong() throws Exception {
    hub =
        () -> {
          throw new FailureException(GONE);
        };
    listings.asked(C, ASK);
    assertEquals(not(GONE), answered(C));
    hub = () -> new ListingSource.Snapshot(COMMIT, true, FILES);
    Thread.sleep(1100);
    listings.asked(C, ASK);
    assertEquals(LISTED, answered(C));
  }

  @Test
  void withoutAKeyARepoThatNotEverybodyMayReadIsNotShared() throws Exception {
    hub = () -> new ListingSource.Snapshot(COMMIT, false, FILES);
    listings.asked(C, ASK);
    NotListed refused = assertInstanceOf(NotListed.class, answered(C));
    assertInstanceOf(Failure.Auth.class, refused.failure());
    assertTrue(refused.failure().next().contains("cluster keygen"), refused.toString());
  }

  @Test
  void norIsAStrangerToldThatItIsKeptHere() throws Exception {
    AskListing kept = new AskListing(REPO, Revision.MAIN, true);
    listings.asked(C, kept);
    SwarmMessage nothing = answered(C);
    onDisk = Optional.of(new ListingSource.Snapshot(COMMIT, false, FILES));
    listings = node(false);
    listings.asked(C, kept);
    assertEquals(nothing, answered(C));
  }

  @Test
  void whatIsKeptButNotForAllIsNotSharedEither() {
    onDisk = Optional.of(new ListingSource.Snapshot(COMMIT, false, FILES));
    assertEquals(
        Optional.of(true),
        listings.ownOf(REPO, Revision.MAIN, () -> true).map(Listed::open),
        "from the hub");
    assertEquals(1, looks.get());
  }

  @Test
  void withAKeyItIs() throws Exception {
    listings = node(true);
    hub = () -> new ListingSource.Snapshot(COMMIT, false, FILES);
    listings.asked(C, ASK);
    assertEquals(listed(false), answered(C));
  }

  @Test
  void whatIsKeptIsToldWithoutALookAndOnlyWhoMayKnowIt() throws Exception {
    Revision commit = new Revision(COMMIT.hex());
    listings.keep(LISTED);
    listings.asked(C, new AskListing(REPO, commit, false));
    assertEquals(new Listed(REPO, commit, COMMIT, true, FILES), answered(C));
    listings.keep(listed(false));
    listings.asked(C, new AskListing(REPO, commit, false));
    assertInstanceOf(NotListed.class, answered(C));
    assertEquals(0, looks.get());
  }

  private void theHubGoes() {
    hub =
        () -> {
          throw new FailureException(BROKEN);
        };
  }

  @Test
  void whatItFoundOutIsToldWhenTheHubIsGone() throws Exception {
    listings.asked(C, ASK);
    assertEquals(LISTED, answered(C));
    theHubGoes();
    Revision commit = new Revision(COMMIT.hex());
    listings.asked(D, new AskListing(REPO, commit, false));
    assertEquals(new Listed(REPO, commit, COMMIT, true, FILES), answered(D));
    listings.asked(D, new AskListing(REPO, Revision.MAIN, true));
    assertEquals(LISTED, answered(D));
    assertEquals(1, looks.get());
  }

  @Test
  void whatItWasToldIsToldOnWhenTheHubIsGone() throws Exception {
    answers.put(A, LISTED);
    listings.keep(listings.ask(REPO, Revision.MAIN, ANY).listed());
    theHubGoes();
    listings.asked(D, new AskListing(REPO, Revision.MAIN, true));
    assertEquals(new Sent(A, ASK), sent.take());
    assertEquals(LISTED, answered(D));
    answers.put(A, not(BROKEN));
    answers.put(C, not(BROKEN));
    assertEquals(new Listings.Answer(LISTED, false), listings.ask(REPO, Revision.MAIN, ANY));
  }

  @Test
  void whatOthersToldIsNotItsOwnAndTheHubIsAskedOnce() {
    Revision commit = new Revision(COMMIT.hex());
    listings.keep(LISTED);
    assertEquals(Optional.empty(), listings.ownOf(REPO, commit, () -> false));
    Optional<Listed> own = Optional.of(new Listed(REPO, commit, COMMIT, true, FILES));
    assertEquals(own, listings.ownOf(REPO, commit, () -> true));
    listings.keep(listed(false));
    assertEquals(own, listings.ownOf(REPO, commit, () -> true), "what it found out itself stays");
    assertEquals(1, looks.get());
  }
}
