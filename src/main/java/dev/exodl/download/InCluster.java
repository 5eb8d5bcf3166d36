package dev.exodl.download;

import dev.exodl.hub.ListedFile;
import dev.exodl.model.BlobId;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.store.Target;
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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A sync's place in a cluster, from joining it to leaving it. */
final class InCluster implements AutoCloseable {
  /** Who has told nothing by then does not take part in this snapshot. */
  private static final Duration TELLING = Duration.ofMillis(700);

  private final NodeSettings settings;
  private final SwarmNode node;
  private final SyncVoice voice;
  private SwarmMessage.@Nullable Listed listed;
  private @Nullable Swarm swarm;

  private InCluster(NodeSettings settings, SwarmNode node, SyncVoice voice) {
    this.settings = settings;
    this.node = node;
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
      HubQuestions questions,
      SyncVoice voice) {
    OwnListing own =
        switch (request.place()) {
          case SyncRequest.Place.Cache c ->
              new OwnListing(how, questions, c.root(), null, !request.offline());
          case SyncRequest.Place.LocalDir d ->
              new OwnListing(how, questions, d.cacheRoot(), d.folder(), !request.offline());
        };
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
    return new InCluster(settings, node, voice);
  }

  void awaitMembers() throws InterruptedException {
    node.awaitMembers();
    if (settings.cluster().key() == null) {
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
    SwarmMessage.Listed found = node.listing(request.repo(), request.revision());
    if (!found.open() && settings.cluster().key() == null) {
      voice.warn(
          "not everybody may read "
              + request.repo()
              + ", and this cluster has no key: nothing is shared, this node fetches all of it"
              + " itself (make a key with 'exo-dl cluster keygen')");
      return Optional.empty();
    }
    listed = found;
    return Optional.of(found);
  }

  /** Whether the listing may be kept for runs without this cluster. */
  boolean mayKeepListing() {
    return node.mayKeepListing();
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
    return enter(present);
  }

  private Optional<Swarm> enter(Map<BlobId, Path> present) {
    if (listed == null || settings.strategy() == Strategy.INDEPENDENT) {
      return Optional.empty();
    }
    Swarm entered = node.enter(listed, present);
    swarm = entered;
    return Optional.of(entered);
  }

  /**
   * Bytes of the missing files that other nodes hold now; waits a moment for all to tell. What is
   * here is not told, as nobody gets it from a node that only looks.
   */
  long heldByOthers(List<RepoFile> missing) throws InterruptedException {
    Optional<Swarm> entered = missing.isEmpty() ? Optional.empty() : enter(Map.of());
    return entered.isEmpty() ? 0 : entered.get().heldByOthers(missing, TELLING);
  }

  /** Serves others until they are done too, as the settings say. */
  void linger() throws InterruptedException {
    Swarm entered = swarm;
    if (entered != null) {
      node.linger(entered);
    }
  }

  /** Begins to leave, and does not wait for it. */
  void leave() {
    Thread.ofVirtual().name("exo-dl leaves the cluster").start(node::close);
  }

  @Override
  public void close() {
    node.close();
  }
}
