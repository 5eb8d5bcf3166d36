package dev.exodl.swarm;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.SwarmMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a revision is, found out once for the whole cluster: the coordinator asks the hub and tells
 * the others; when it cannot, the next node does. Thread-safe.
 */
final class Listings {
  /** As long as this a coordinator gives the same answer: the nodes of one start ask within it. */
  private static final long FRESH_NANOS = Duration.ofMinutes(5).toNanos();

  /** A listing of very many files takes a while. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** Long enough for a hiccup of the hub, short enough to tell a user soon. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(200);

  /** How this node reaches the others. */
  interface Post {
    NodeId self();

    void send(NodeId to, SwarmMessage message);

    /** Whether this node has left. */
    boolean isClosed();
  }

  private record Key(Repo repo, Revision revision) {}

  /** Of this node to another one; the same may be asked twice at a time, so each is itself. */
  private static final class Question {
    final Key key;
    final CompletableFuture<SwarmMessage> answer = new CompletableFuture<>();

    Question(Key key) {
      this.key = key;
    }
  }

  private record Found(CompletableFuture<SwarmMessage> answer, long at) {}

  private final ListingSource source;
  private final Members members;
  private final Post post;
  private final NodeListener listener;

  /** Whether repos that not everybody may read are shared. */
  private final boolean keyed;

  private final ConcurrentHashMap<Key, Found> own = new ConcurrentHashMap<>();
  private final Set<Question> asked = ConcurrentHashMap.newKeySet();

  Listings(ListingSource source, Members members, Post post, NodeListener listener, boolean keyed) {
    this.source = source;
    this.members = members;
    this.post = post;
    this.listener = listener;
    this.keyed = keyed;
  }

  /** This node was asked by another one. */
  void asked(NodeId by, SwarmMessage.AskListing ask) {
    CompletableFuture<SwarmMessage> answer = own(ask.repo(), ask.revision());
    Thread.ofVirtual()
        .name("listing for " + by.brief())
        .start(() -> post.send(by, guarded(answer.join())));
  }

  /** Without a key only what anybody may read leaves this node. */
  private SwarmMessage guarded(SwarmMessage answer) {
    if (keyed || !(answer instanceof SwarmMessage.Listed listed) || listed.open()) {
      return answer;
    }
    return new SwarmMessage.NotListed(listed.repo(), listed.revision(), notOpen(listed.repo()));
  }

  static Failure notOpen(Repo repo) {
    return new Failure.Auth(
        "not everybody may read this repo, and a cluster without a key shares only what anybody may"
            + " read",
        repo.toString(),
        "make a key with 'exo-dl cluster keygen' and give it to all nodes with --cluster-key");
  }

  private CompletableFuture<SwarmMessage> own(Repo repo, Revision revision) {
    Key key = new Key(repo, revision);
    return own.compute(
            key,
            (k, before) ->
                before != null && usable(before)
                    ? before
                    : new Found(find(repo, revision), System.nanoTime()))
        .answer();
  }

  private static boolean usable(Found found) {
    boolean failed =
        found.answer().isDone() && found.answer().join() instanceof SwarmMessage.NotListed;
    long age = System.nanoTime() - found.at();
    return age < (failed ? AGAIN.toNanos() : FRESH_NANOS);
  }

  private CompletableFuture<SwarmMessage> find(Repo repo, Revision revision) {
    CompletableFuture<SwarmMessage> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("listing of " + repo)
        .start(
            () -> {
              try {
                ListingSource.Snapshot s = source.find(repo, revision);
                answer.complete(
                    new SwarmMessage.Listed(repo, revision, s.commit(), s.open(), s.files()));
              } catch (FailureException e) {
                answer.complete(new SwarmMessage.NotListed(repo, revision, e.failure()));
              } catch (RuntimeException | Error e) {
                Failure bug =
                    new Failure.Internal(e.toString(), repo.toString(), "report it, with -v");
                answer.complete(new SwarmMessage.NotListed(repo, revision, bug));
              }
            });
    return answer;
  }

  /** This node knows a listing; others may ask it for the commit's. */
  void keep(SwarmMessage.Listed listed) {
    Key key = new Key(listed.repo(), new Revision(listed.commit().hex()));
    own.put(
        key,
        new Found(
            CompletableFuture.completedFuture(
                new SwarmMessage.Listed(
                    listed.repo(), key.revision(), listed.commit(), listed.open(), listed.files())),
            System.nanoTime() + Duration.ofDays(365).toNanos()));
  }

  /** An answer came. */
  void told(SwarmMessage answer) {
    Key key =
        switch (answer) {
          case SwarmMessage.Listed m -> new Key(m.repo(), m.revision());
          case SwarmMessage.NotListed m -> new Key(m.repo(), m.revision());
          default -> throw new IllegalArgumentException("no answer: " + answer);
        };
    for (Question question : asked) {
      if (question.key.equals(key)) {
        question.answer.complete(answer);
      }
    }
  }

  /**
   * Asks the cluster; blocks.
   *
   * @throws FailureException what the coordinator was told, when nobody else knows better
   */
  SwarmMessage.Listed ask(Repo repo, Revision revision) throws InterruptedException {
    List<NodeId> tried = new ArrayList<>();
    Failure first = null;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      if (post.isClosed()) {
        throw new InterruptedException("left the cluster");
      }
      Optional<NodeId> next =
          members.all().stream().filter(node -> !tried.contains(node)).findFirst();
      if (next.isEmpty() && mayPass(first) && System.nanoTime() - end < 0) {
        Thread.sleep(AGAIN);
        tried.clear();
        first = null;
        continue;
      }
      if (next.isEmpty()) {
        throw new FailureException(
            first != null
                ? first
                : new Failure.Cluster(
                    "no node of the cluster could list it",
                    repo.toString(),
                    "look at the other nodes' messages, and run the same command again"));
      }
      NodeId node = next.get();
      tried.add(node);
      switch (answer(node, repo, revision)) {
        case SwarmMessage.Listed listed -> {
          return listed;
        }
        case SwarmMessage.NotListed not -> {
          // The first to be asked is the coordinator: what it was told counts.
          first = first == null ? not.failure() : first;
          listener.detail(
              members.name(node) + " cannot list " + repo + ": " + not.failure().what());
        }
        case null, default -> listener.detail(members.name(node) + " did not list " + repo);
      }
    }
  }

  /** Asks one node; null when it does not know or is gone. */
  SwarmMessage.@Nullable Listed askOne(NodeId node, Repo repo, Revision revision)
      throws InterruptedException {
    return answer(node, repo, revision) instanceof SwarmMessage.Listed listed ? listed : null;
  }

  private static boolean mayPass(@Nullable Failure failure) {
    return failure == null || failure instanceof Failure.Network;
  }

  private @Nullable SwarmMessage answer(NodeId node, Repo repo, Revision revision)
      throws InterruptedException {
    if (node.equals(post.self())) {
      return await(node, own(repo, revision));
    }
    Question question = new Question(new Key(repo, revision));
    asked.add(question);
    try {
      post.send(node, new SwarmMessage.AskListing(repo, revision));
      return await(node, question.answer);
    } finally {
      asked.remove(question);
    }
  }

  private @Nullable SwarmMessage await(NodeId node, CompletableFuture<SwarmMessage> answer)
      throws InterruptedException {
    long end = System.nanoTime() + ANSWER.toNanos();
    while (System.nanoTime() - end < 0 && !post.isClosed() && members.all().contains(node)) {
      try {
        return answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // The node may have gone meanwhile.
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }
    return null;
  }
}
