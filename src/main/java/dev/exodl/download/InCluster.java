package dev.exodl.download;

import dev.exodl.fetch.Fetcher;
import dev.exodl.hub.HubClient;
import dev.exodl.hub.ListedFile;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.store.Target;
import dev.exodl.swarm.Hand;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.NodePorts;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.SeedSource;
import dev.exodl.swarm.Swarm;
import dev.exodl.swarm.SwarmNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sync's place in a cluster, from joining it to leaving it. */
final class InCluster implements AutoCloseable {
  /** Who has told nothing by then does not take part in this snapshot. */
  private static final Duration TELLING = Duration.ofMillis(700);

  private final NodeSettings settings;
  private final SwarmNode node;
  private final OwnListing own;
  private final SyncVoice voice;

  /** What others may have of a repo is only what anybody may read. */
  private final boolean openOnly;

  /** Whether the hub is not to be asked. */
  private final boolean offline;

  private SwarmMessage.@Nullable Listed listed;
  private @Nullable Swarm swarm;
  private volatile @Nullable MayBeGiven asking;

  /** Whether others can get anything from here. */
  private boolean shares;

  private InCluster(
      NodeSettings settings, SwarmNode node, OwnListing own, boolean offline, SyncVoice voice) {
    this.settings = settings;
    this.node = node;
    this.own = own;
    this.openOnly = settings.cluster().key() == null;
    this.offline = offline;
    this.voice = voice;
  }

  /**
   * Joins, and waits for as many nodes as the settings ask for.
   *
   * @throws FailureException cluster failure
   */
  static InCluster join(
      NodeSettings settings,
      SyncSettings how,
      SyncRequest request,
      HubClient hub,
      HubClient anybody,
      SyncVoice voice) {
    boolean openOnly = settings.cluster().key() == null;
    HubQuestions questions =
        openOnly ? HubQuestions.ofAnybody(anybody, hub, voice) : new HubQuestions(hub, voice);
    Path localDir = request.place() instanceof SyncRequest.Place.LocalDir d ? d.folder() : null;
    OwnListing own =
        new OwnListing(
            how, questions, request.place().caches(), localDir, !request.offline(), openOnly);
    // Others are not to wait for one that only looks, nor to count on it.
    boolean fetches = !request.dryRun();
    SwarmNode node =
        SwarmNode.join(
            settings,
            new NodePorts(
                own,
                SeedSource.NONE,
                fetches,
                fetches && !request.offline(),
                how.hub().version(),
                voice));
    return new InCluster(settings, node, own, request.offline(), voice);
  }

  void awaitMembers() throws InterruptedException {
    node.awaitMembers();
    node.tellIfAlone(voice::warn);
    if (openOnly) {
      voice.detail(
          "the cluster has no key: anybody on this network may join it, and only repos that anybody"
              + " may read are shared");
    }
  }

  /**
   * The snapshot as the whole cluster sees it.
   *
   * @return empty when this node has to do it alone, which was told
   */
  Optional<SwarmMessage.Listed> listing(SyncRequest request) throws InterruptedException {
    SwarmMessage.Listed found;
    try {
      found = node.listing(request.repo(), request.revision(), l -> check(request, l));
    } catch (FailureException e) {
      if (!openOnly || !own.isNotForAll(e.failure())) {
        throw e;
      }
      alone(request.repo());
      return Optional.empty();
    }
    // Another node may lie: what the hub told this one goes before.
    if (openOnly && (!found.open() || own.isForSome(found.repo()))) {
      alone(request.repo());
      return Optional.empty();
    }
    listed = found;
    return Optional.of(found);
  }

  /**
   * Whether files can be chosen from what another node told; what is not there may be the user's
   * error.
   */
  private static void check(SyncRequest request, SwarmMessage.Listed told) {
    try {
      ChooseFiles.choose(request, files(told), leftOut -> {});
    } catch (FailureException e) {
      if (e.failure() instanceof Failure.Integrity) {
        throw e;
      }
    }
  }

  /**
   * Which share of the layers is this node's.
   *
   * @throws FailureException cluster failure when there is nobody to share them with
   */
  Hand deal(SplitBy by, long memory) throws InterruptedException {
    SwarmMessage.Listed told = listed;
    if (told == null) {
      throw new FailureException(
          new Failure.Cluster(
              "the layers cannot be dealt out: not everybody may read the repo, and this cluster"
                  + " has no key",
              "--split",
              "make a key with 'exo-dl cluster keygen', or name this node's --layers or --shard"));
    }
    SwarmId id = new SwarmId(told.repo(), told.commit());
    return node.deal(new SwarmMessage.AskShare(id, by, memory, settings.waitFor()));
  }

  private void alone(Repo repo) {
    listed = null;
    voice.warn(
        "not everybody may read "
            + repo
            + ", and this cluster has no key: nothing is shared, "
            + (offline ? "there is only what is here" : "this node fetches all of it itself")
            + " (make a key with 'exo-dl cluster keygen')");
  }

  /** Whether the listing may be kept for runs without this cluster. */
  boolean mayKeepListing() {
    return listed == null || node.foundOut() || !openOnly;
  }

  /** Whether anybody may read the commit, if the hub told this node itself. */
  Optional<Boolean> open(Commit commit) {
    return own.said(commit);
  }

  /**
   * Whether content is fetched as the hub gives it to anybody: it is for others too, and that
   * anybody may read it is only what another node says.
   */
  boolean fetchesForAnybody() {
    return openOnly && listed != null && !own.said(listed.commit()).orElse(false);
  }

  /** Whether all that is fetched comes from who gives it to anybody. */
  boolean isForAnybody() {
    return openOnly && listed != null;
  }

  static List<ListedFile> files(SwarmMessage.Listed listed) {
    return listed.files().stream()
        .map((Entry e) -> new ListedFile(e.path(), e.size(), e.blob()))
        .toList();
  }

  /**
   * Takes part in the snapshot's swarm.
   *
   * @param all the files this node is to have
   * @param missing those of them that are not here
   * @return empty when nothing is exchanged
   */
  Optional<Swarm> enter(Target target, List<RepoFile> all, List<RepoFile> missing) {
    Set<BlobId> lacking = new HashSet<>();
    missing.forEach(f -> lacking.add(f.blob()));
    Map<BlobId, Path> present = new HashMap<>();
    for (RepoFile file : all) {
      if (!lacking.contains(file.blob())) {
        present.put(file.blob(), target.visible(file));
      }
    }
    if (listed == null) {
      return Optional.empty();
    }
    boolean known = !openOnly || isOpen(target, !present.isEmpty() || held(target, missing));
    Optional<Swarm> entered =
        enter(present, known || listed == null ? null : asker(listed, target)::ask);
    shares = entered.isPresent() && (known || !missing.isEmpty());
    return entered;
  }

  private MayBeGiven asker(SwarmMessage.Listed told, Target target) {
    MayBeGiven asker = new MayBeGiven(own, voice, told.repo(), told.commit(), target);
    asking = asker;
    return asker;
  }

  /** Whether chunks may come from other nodes. */
  boolean exchanges() {
    return listed != null && settings.strategy() != Strategy.INDEPENDENT;
  }

  private Optional<Swarm> enter(Map<BlobId, Path> present, @Nullable Consumer<Swarm> asker) {
    if (listed == null || !exchanges()) {
      return Optional.empty();
    }
    Swarm entered = node.enter(listed, present, asker);
    swarm = entered;
    return Optional.of(entered);
  }

  private static boolean held(Target target, List<RepoFile> missing) {
    return missing.stream().anyMatch(f -> target.heldBytes(f) > 0);
  }

  /**
   * Whether anybody may have what is here of the snapshot, as far as this node itself knows. The
   * hub is asked only when something is here and it did not say so before.
   */
  private boolean isOpen(Target target, boolean something) {
    SwarmMessage.Listed told = Objects.requireNonNull(listed);
    Optional<Boolean> said = own.said(told.commit());
    if (said.isPresent() || !something) {
      return said.orElse(false);
    }
    if (own.isKeptAsOpen(told.repo(), told.commit())) {
      return true;
    }
    try {
      if (own.ask(told.repo(), told.commit(), false)) {
        target.keepOpen(true);
        return true;
      }
      alone(told.repo());
    } catch (FailureException e) {
      if (own.isNotForAll(e.failure())) {
        alone(told.repo());
      }
      // Else it is asked again when what is here could be given.
    }
    return false;
  }

  /**
   * Bytes of the missing files that other nodes hold now; waits a moment for all to tell. What is
   * here is not told, as nobody gets it from a node that only looks.
   */
  long heldByOthers(List<RepoFile> missing) throws InterruptedException {
    Optional<Swarm> entered = missing.isEmpty() ? Optional.empty() : enter(Map.of(), s -> {});
    return entered.isEmpty() ? 0 : entered.get().heldByOthers(missing, TELLING);
  }

  /** The cluster's cap for a fetch in which nothing is exchanged. */
  AloneCap cap(Fetcher fetcher) {
    return new AloneCap(fetcher, node::hubShare);
  }

  /** Whether there is anything to serve, and the others are to be waited for. */
  boolean lingers() {
    return shares && !(settings.linger() instanceof Linger.Never);
  }

  /** Serves others until they are done too, as the settings say. */
  void linger() throws InterruptedException {
    Swarm entered = swarm;
    if (entered != null && shares) {
      node.linger(entered);
    }
  }

  /** Begins to leave, and does not wait for it. */
  void leave() {
    askNoMore();
    Thread.ofVirtual().name("exo-dl leaves the cluster").start(node::close);
  }

  private void askNoMore() {
    MayBeGiven asker = asking;
    if (asker != null) {
      asker.close();
    }
  }

  @Override
  public void close() {
    askNoMore();
    node.close();
  }
}
