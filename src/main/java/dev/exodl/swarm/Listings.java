package dev.exodl.swarm;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.SwarmMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a revision is, found out once for the whole cluster: the coordinator asks the hub and tells
 * the others; when it cannot, the next node does; when no node reaches the hub, one that kept the
 * listing tells what it was. Thread-safe.
 */
final class Listings {
  /** As long as this a node gives the same answer: the nodes of one start ask within it. */
  private static final long FRESH_NANOS = Duration.ofMinutes(5).toNanos();

  /** A listing of very many files takes a while. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** Long enough for a hiccup of the hub, short enough to tell a user soon. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofMillis(200);

  /** So many answers are kept, the latest. */
  private static final int KEPT_MOST = 200;

  /** So many looks for others go on at once. */
  private static final int AT_ONCE = 8;

  /** How this node reaches the others. */
  interface Post {
    NodeId self();

    void send(NodeId to, SwarmMessage message);

    /** Whether this node has left. */
    boolean isClosed();
  }

  private record Key(Repo repo, Revision revision, boolean kept) {}

  private record Asked(Repo repo, Revision revision) {}

  /** A listing, and whether this node found it out itself. */
  private record Known(SwarmMessage.Listed listed, boolean own) {}

  private record Found(CompletableFuture<SwarmMessage> answer, long at) {}

  private record Question(NodeId of, Key key, CompletableFuture<SwarmMessage> answer) {
    boolean isOf(NodeId node, Repo repo, Revision revision) {
      return of.equals(node) && key.repo().equals(repo) && key.revision().equals(revision);
    }
  }

  private final ListingSource source;
  private final Members members;
  private final Post post;
  private final NodeListener listener;

  /** Whether repos that not everybody may read are shared. */
  private final boolean keyed;

  /** Guarded by itself. */
  private final Map<Key, Found> own =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Found> eldest) {
          return size() > KEPT_MOST;
        }
      };

  /** Guarded by {@link #own}. What revisions were when they were last found out, the latest. */
  private final Map<Asked, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Known> eldest) {
          return size() > KEPT_MOST;
        }
      };

  private final Semaphore places = new Semaphore(AT_ONCE);

  /** Questions of this node that wait for an answer; the same may be asked twice at a time. */
  private final Set<Question> asked = ConcurrentHashMap.newKeySet();

  Listings(ListingSource source, Members members, Post post, NodeListener listener, boolean keyed) {
    this.source = source;
    this.members = members;
    this.post = post;
    this.listener = listener;
    this.keyed = keyed;
  }

  /** This node was asked by another one: a new look takes a place, waiting for one does not. */
  void asked(NodeId by, SwarmMessage.AskListing ask) {
    Key key = new Key(ask.repo(), ask.revision(), ask.kept());
    CompletableFuture<SwarmMessage> answer =
        own(key, places::tryAcquire, places::release)
            .orElseGet(() -> CompletableFuture.completedFuture(busy(ask)));
    Thread.ofVirtual()
        .name("listing for " + by.brief())
        .start(() -> post.send(by, guarded(answer.join(), ask.kept())));
  }

  private static SwarmMessage busy(SwarmMessage.AskListing ask) {
    return new SwarmMessage.NotListed(
        ask.repo(),
        ask.revision(),
        new Failure.Cluster("this node is busy with listings", ask.repo() + "", "ask again"));
  }

  /**
   * Without a key only what anybody may read leaves this node, and nobody is told what else is kept
   * here.
   */
  private SwarmMessage guarded(SwarmMessage answer, boolean kept) {
    if (keyed || !(answer instanceof SwarmMessage.Listed listed) || listed.open()) {
      return answer;
    }
    Failure no = kept ? notKept(listed.repo()).failure() : notOpen(listed.repo());
    return new SwarmMessage.NotListed(listed.repo(), listed.revision(), no);
  }

  private static Failure notOpen(Repo repo) {
    return new Failure.Auth(
        "not everybody may read this repo, and a cluster without a key shares only what anybody may"
            + " read",
        repo.toString(),
        "make a key with 'exo-dl cluster keygen' and give it to all nodes with --cluster-key");
  }

  private CompletableFuture<SwarmMessage> own(Key key) {
    return own(key, () -> true, () -> {}).orElseThrow();
  }

  /** The answer that is here or on its way, else a new look; none when that may not begin. */
  private Optional<CompletableFuture<SwarmMessage>> own(
      Key key, BooleanSupplier mayBegin, Runnable ended) {
    synchronized (own) {
      Known stays = key.revision().isCommit() ? known(key) : null;
      if (stays != null) {
        return Optional.of(CompletableFuture.completedFuture(stays.listed()));
      }
      Found before = own.get(key);
      if (before != null && usable(key, before)) {
        return Optional.of(before.answer());
      }
      if (!mayBegin.getAsBoolean()) {
        return Optional.empty();
      }
      Found found = new Found(find(key, ended), System.nanoTime());
      own.put(key, found);
      return Optional.of(found.answer());
    }
  }

  /** What this node kept may be found out anew at any time. */
  private static boolean usable(Key key, Found found) {
    boolean failed =
        found.answer().isDone() && found.answer().join() instanceof SwarmMessage.NotListed;
    return System.nanoTime() - found.at() < (failed || key.kept() ? AGAIN.toNanos() : FRESH_NANOS);
  }

  private CompletableFuture<SwarmMessage> find(Key key, Runnable ended) {
    CompletableFuture<SwarmMessage> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("listing of " + key.repo())
        .start(
            () -> {
              SwarmMessage found = find(key.repo(), key.revision(), key.kept());
              ended.run();
              answer.complete(found);
            });
    return answer;
  }

  private SwarmMessage find(Repo repo, Revision revision, boolean kept) {
    return answerOf(
        repo,
        revision,
        () -> {
          if (kept) {
            // What all take part in now comes before what the disk has from an earlier time.
            Known latest = known(new Key(repo, revision, true));
            return latest != null ? latest.listed() : keptOnDisk(repo, revision);
          }
          SwarmMessage.Listed found = listed(repo, revision, source.find(repo, revision));
          remember(found, true);
          return found;
        });
  }

  private static SwarmMessage answerOf(
      Repo repo, Revision revision, Supplier<SwarmMessage.Listed> look) {
    try {
      return look.get();
    } catch (FailureException e) {
      return new SwarmMessage.NotListed(repo, revision, e.failure());
    } catch (RuntimeException | Error e) {
      Failure bug = new Failure.Internal(e.toString(), repo.toString(), "report it, with -v");
      return new SwarmMessage.NotListed(repo, revision, bug);
    }
  }

  private static SwarmMessage.Listed listed(
      Repo repo, Revision revision, ListingSource.Snapshot snapshot) {
    return new SwarmMessage.Listed(
        repo, revision, snapshot.commit(), snapshot.open(), snapshot.files());
  }

  private static FailureException notKept(Repo repo) {
    return new FailureException(
        new Failure.Cluster("it is not on this node", repo.toString(), "ask another one"));
  }

  private SwarmMessage.Listed keptOnDisk(Repo repo, Revision revision) {
    return listed(repo, revision, source.kept(repo, revision).orElseThrow(() -> notKept(repo)));
  }

  /** Whether no other node told it to this one. */
  private boolean isOwn(SwarmMessage.Listed listed) {
    Known before = known(new Key(listed.repo(), new Revision(listed.commit().hex()), false));
    return before == null || before.own();
  }

  private @Nullable Known known(Key key) {
    synchronized (own) {
      return known.get(new Asked(key.repo(), key.revision()));
    }
  }

  /**
   * This node was told a listing: others may ask it for the commit's, and for the revision's when
   * nobody can ask the hub.
   */
  void keep(SwarmMessage.Listed listed) {
    remember(listed, false);
  }

  private void remember(SwarmMessage.Listed listed, boolean found) {
    Revision commit = new Revision(listed.commit().hex());
    SwarmMessage.Listed of =
        new SwarmMessage.Listed(
            listed.repo(), commit, listed.commit(), listed.open(), listed.files());
    synchronized (own) {
      known.put(new Asked(listed.repo(), listed.revision()), new Known(listed, found));
      known.merge(
          new Asked(listed.repo(), commit),
          new Known(of, found),
          (before, now) -> before.own() && !found ? before : now);
    }
  }

  /** An answer came; only one who was asked is heard. */
  void told(NodeId from, SwarmMessage answer) {
    for (Question question : asked) {
      boolean fits =
          switch (answer) {
            case SwarmMessage.Listed m -> question.isOf(from, m.repo(), m.revision());
            case SwarmMessage.NotListed m -> question.isOf(from, m.repo(), m.revision());
            default -> throw new IllegalArgumentException("no answer: " + answer);
          };
      if (fits) {
        question.answer().complete(answer);
      }
    }
  }

  /**
   * A listing and who told it.
   *
   * @param own whether this node found it out itself
   */
  record Answer(SwarmMessage.Listed listed, boolean own) {}

  /**
   * Asks the cluster; blocks.
   *
   * @param check throws an integrity failure when what another node told cannot be used
   * @throws FailureException the most telling of the failures, when nobody knows
   */
  Answer ask(Repo repo, Revision revision, Consumer<SwarmMessage.Listed> check)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Map<NodeId, Failure> failures = new HashMap<>();
    while (true) {
      Answer answer = round(repo, revision, false, check, failures);
      if (answer != null) {
        return answer;
      }
      Failure worst = worst(repo, failures);
      boolean network = worst instanceof Failure.Network || worst instanceof Failure.Cluster;
      Answer kept = network ? round(repo, revision, true, check, new HashMap<>()) : null;
      if (kept != null) {
        listener.warn(
            "no node can ask the hub ("
                + worst.what()
                + "): using commit "
                + kept.listed().commit().brief()
                + ", which a node has kept");
        return kept;
      }
      if (!network || System.nanoTime() - end > 0) {
        throw new FailureException(worst);
      }
      Thread.sleep(AGAIN);
    }
  }

  /** One after the other, the coordinator first: all nodes in the same order, so that few ask. */
  private @Nullable Answer round(
      Repo repo,
      Revision revision,
      boolean kept,
      Consumer<SwarmMessage.Listed> check,
      Map<NodeId, Failure> failures)
      throws InterruptedException {
    List<NodeId> tried = new ArrayList<>();
    while (true) {
      if (post.isClosed()) {
        throw new InterruptedException("left the cluster");
      }
      Optional<NodeId> next =
          members.all().stream().filter(node -> !tried.contains(node)).findFirst();
      if (next.isEmpty()) {
        return null;
      }
      NodeId node = next.get();
      tried.add(node);
      boolean self = node.equals(post.self());
      switch (answer(node, new Key(repo, revision, kept))) {
        case SwarmMessage.Listed listed when self -> {
          return new Answer(listed, isOwn(listed));
        }
        case SwarmMessage.Listed listed -> {
          Failure wrong = wrong(listed, revision, check);
          if (wrong == null) {
            return new Answer(listed, false);
          }
          // A liar must not end what others can do.
          failures.put(node, new Failure.Cluster(wrong.what(), wrong.where(), wrong.next()));
          listener.warn(
              "the listing that " + members.name(node) + " told is not used: " + wrong.what());
        }
        case SwarmMessage.NotListed not -> {
          Failure why = self ? not.failure() : ToldFailure.of(not.failure(), members.name(node));
          failures.put(node, why);
          listener.detail(members.name(node) + " cannot list " + repo + ": " + why.what());
        }
        case null, default -> listener.detail(members.name(node) + " did not list " + repo);
      }
    }
  }

  private static @Nullable Failure wrong(
      SwarmMessage.Listed listed, Revision asked, Consumer<SwarmMessage.Listed> check) {
    try {
      check.accept(ListingCheck.checked(listed, asked));
      return null;
    } catch (FailureException e) {
      return e.failure();
    }
  }

  /** What the hub itself said goes before what a node without it says. */
  private static Failure worst(Repo repo, Map<NodeId, Failure> failures) {
    return failures.values().stream()
        .min((a, b) -> Integer.compare(rank(a), rank(b)))
        .orElseGet(
            () ->
                new Failure.Cluster(
                    "no node of the cluster could list it",
                    repo.toString(),
                    "look at the other nodes' messages, and run the same command again"));
  }

  private static int rank(Failure failure) {
    return switch (failure) {
      case Failure.Auth f -> 0;
      case Failure.NotFound f -> 1;
      case Failure.Integrity f -> 2;
      case Failure.Usage f -> 3;
      case Failure.Storage f -> 4;
      case Failure.Internal f -> 5;
      case Failure.Partial f -> 6;
      case Failure.Network f -> 7;
      case Failure.Cluster f -> 8;
    };
  }

  /** Asks one node about a commit; null when it does not know or is gone. */
  SwarmMessage.@Nullable Listed askOne(NodeId node, Repo repo, Revision commit)
      throws InterruptedException {
    return answer(node, new Key(repo, commit, false)) instanceof SwarmMessage.Listed listed
        ? ListingCheck.checked(listed, commit)
        : null;
  }

  /**
   * What this node itself knows of a commit that it may share; empty when it does not.
   *
   * @param mayLook whether the hub may be asked, when neither the disk knows it nor it was asked
   *     before
   */
  Optional<SwarmMessage.Listed> ownOf(Repo repo, Revision commit, BooleanSupplier mayLook) {
    Optional<SwarmMessage.Listed> kept =
        shared(answerOf(repo, commit, () -> keptOnDisk(repo, commit)));
    if (kept.isPresent()) {
      return kept;
    }
    Known before = known(new Key(repo, commit, false));
    if (before != null && before.own()) {
      return shared(before.listed());
    }
    return mayLook.getAsBoolean() ? shared(find(repo, commit, false)) : Optional.empty();
  }

  private Optional<SwarmMessage.Listed> shared(SwarmMessage answer) {
    return answer instanceof SwarmMessage.Listed listed && (keyed || listed.open())
        ? Optional.of(listed)
        : Optional.empty();
  }

  private @Nullable SwarmMessage answer(NodeId node, Key key) throws InterruptedException {
    if (node.equals(post.self())) {
      return await(node, own(key));
    }
    Question question = new Question(node, key, new CompletableFuture<>());
    asked.add(question);
    try {
      post.send(node, new SwarmMessage.AskListing(key.repo(), key.revision(), key.kept()));
      return await(node, question.answer());
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
