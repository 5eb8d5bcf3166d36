package dev.exodl.swarm;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.Exchange;
import dev.exodl.fetch.Fetcher;
import dev.exodl.model.BlobId;
import dev.exodl.model.Chunk;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.Origin;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.Neighbours;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot's swarm as this node sees it, and this node's part in it. Methods may be called by
 * any thread and do not wait for others.
 */
public final class Swarm {
  /** Who has told nothing new for so long is not waited for. */
  private static final long STUCK_MILLIS = Duration.ofMinutes(10).toMillis();

  private static final long RESTOCK_MILLIS = Duration.ofMinutes(1).toMillis();

  private static final long FORGOTTEN_MILLIS = Duration.ofMinutes(2).toMillis();

  final SwarmId id;
  final SwarmBlobs blobs;
  private final List<Entry> listing;
  final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  final HaveMaps maps;
  final Telling telling;
  private final Given given;
  private final Map<NodeId, Long> heardAt = new HashMap<>();
  private final BitSet cutAlike = new BitSet();
  private final LeaseDesk leases;

  private long quietSince;
  private long stockedAt;
  private final SwarmNode node;
  private final Holdings shelf;
  private final Traffic traffic = new Traffic();
  private volatile @Nullable Fetching fetching;
  private volatile String state = "starting";

  Swarm(SwarmId id, List<Entry> listing, SwarmNode node, Holdings shelf) {
    this.id = id;
    this.listing = sorted(listing);
    this.blobs = new SwarmBlobs(listing);
    this.maps = new HaveMaps(blobs);
    this.telling = new Telling(id, blobs, maps, new Crowd.Of(node));
    this.given = new Given(id, blobs, shelf, telling, node);
    this.leases = new LeaseDesk(this, node);
    this.node = node;
    this.shelf = shelf;
    this.quietSince = node.now();
    this.stockedAt = quietSince;
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /** Whether it was made from this listing, in whatever order. */
  boolean isOf(List<Entry> files) {
    return listing.equals(sorted(files));
  }

  private static List<Entry> sorted(List<Entry> files) {
    return files.stream().sorted(Comparator.comparing(Entry::path)).toList();
  }

  /** It is entered once more, and not to be forgotten meanwhile. */
  Swarm again() {
    locked(() -> quietSince = node.now());
    return this;
  }

  public SwarmId id() {
    return id;
  }

  /** Bytes of a chunk, the same on all nodes. */
  public int chunkSize() {
    return blobs.chunkSize();
  }

  Traffic traffic() {
    return traffic;
  }

  /** Others get only what comes from now on. */
  void onlyFetched() {
    locked(given::onlyFetched);
  }

  /** Whole blobs of the snapshot that are on this disk. */
  void present(Map<BlobId, Path> files) {
    locked(
        () -> {
          files.forEach(
              (blob, path) -> blobs.number(blob).ifPresent(number -> given.present(number, path)));
        });
  }

  /**
   * This node wants these files.
   *
   * @param all every file it is to have in the end
   * @param missing those that are to be fetched, in the order of the fetch's plan
   * @return the exchange for the fetch
   */
  public Exchange want(List<RepoFile> all, List<RepoFile> missing, ChunkSource hub, int streams) {
    lock.lock();
    try {
      all.forEach(f -> blobs.number(f.blob()).ifPresent(telling.wanted::set));
      Fetching begun = new Fetching(this, node, hub, missing, streams);
      fetching = begun;
      refreshPeers();
      state = "fetching";
      // Until now this node wanted nothing, and nobody would have waited for it.
      telling.allAgain();
      return begun.exchange();
    } finally {
      lock.unlock();
    }
  }

  /** The fetch that uses the exchange; called before it begins. */
  public void begins(Fetcher fetcher) {
    Fetching f = fetching;
    if (f != null) {
      f.begins(fetcher);
    }
  }

  /** Which chunks of a file came from peers that are not to be believed; see {@link Doubts}. */
  public BitSet doubt(int file, BitSet held) {
    Fetching f = fetching;
    return f == null ? new BitSet() : f.doubt(file, held);
  }

  /** Tells the others that this node is here, and what it holds. */
  void announce() {
    locked(() -> telling.all());
  }

  /** Tells a new coordinator what is held here, which it has to know first, and what is leased. */
  void introduce(NodeId coordinator) {
    Fetching f = fetching;
    locked(() -> telling.again(coordinator));
    if (f != null) {
      f.newCoordinator();
    }
  }

  /** A file's part was opened; it may hold chunks from before. */
  public void opened(RepoFile file, OpenPart part) {
    PartChunks held = PartChunks.all(part);
    locked(
        () -> {
          blobs
              .number(file.blob())
              .ifPresent(
                  b -> {
                    if (!held.have.isEmpty()) {
                      given.before(b);
                    }
                    given.part(b, part);
                    cutAlike.set(b, held.grid.chunkSize() == blobs.chunkSize());
                    telling.own.part(b, held);
                  });
        });
  }

  /** A chunk is whole and checked. */
  public void held(RepoFile file, OpenPart part, Chunk chunk) {
    BitSet one = new BitSet();
    one.set(chunk.index());
    traffic.kept(chunk.length());
    PartChunks held = PartChunks.of(part, one);
    locked(
        () -> {
          blobs.number(file.blob()).ifPresent(b -> telling.own.part(b, held));
          telling.freshIfDue(node.now());
        });
  }

  /** Chunks turned out to be bad: nothing of the file counts until it is told anew. */
  public void lost(RepoFile file, OpenPart part) {
    PartChunks left = PartChunks.all(part);
    locked(
        () -> {
          blobs
              .number(file.blob())
              .ifPresent(
                  b -> {
                    telling.own.forget(b);
                    telling.own.part(b, left);
                    telling.allAgain();
                  });
        });
  }

  /** Somebody removed the blob from the disk: the others are not to ask for it. */
  void gone(BlobId blob) {
    locked(
        () -> {
          // Unless it came back meanwhile.
          if (!shelf.holds(blob) && blobs.number(blob).isPresent()) {
            telling.own.forget(blobs.number(blob).get());
            telling.allAgain();
          }
        });
  }

  /** The file is whole, verified and at its place. */
  public void placed(RepoFile file, Path at) {
    locked(
        () -> {
          blobs.number(file.blob()).ifPresent(b -> given.placed(b, at));
          Optional.ofNullable(fetching).ifPresent(f -> f.whole(file));
          telling.freshIfDue(node.now());
        });
  }

  /** Bytes of content came. */
  public void received(Origin from, long bytes) {
    traffic.received(from, bytes);
    if (from instanceof Origin.Hub) {
      node.hub().worked();
    }
  }

  /** This node has all it wants, verified. */
  public void done() {
    locked(
        () -> {
          state = "done";
          fetching = null;
          telling.done();
        });
  }

  /** This node gives up; it goes on serving what it has until it leaves. */
  public void failed() {
    state = "failed";
    fetching = null;
  }

  /** Whether all members that want the snapshot have it. */
  public boolean complete() {
    lock.lock();
    try {
      return telling.isDone()
          && maps.nodes().stream()
              .filter(n -> node.members().card(n).isPresent())
              .filter(n -> node.now() - heardAt.getOrDefault(n, node.now()) < STUCK_MILLIS)
              .allMatch(maps::done);
    } finally {
      lock.unlock();
    }
  }

  // What the others say, told by the cluster's thread.

  void view(Members.Change change, List<NodeId> members, boolean coordinating) {
    locked(
        () -> {
          maps.retain(members);
          heardAt.keySet().retainAll(members);
          telling.retain(members);
          // Who coordinates again later does not know what was leased meanwhile.
          leases.members(coordinating ? members : List.of());
          if (coordinating && change.otherCoordinator()) {
            leases.begins();
          }
          refreshPeers();
          telling.tellAnew(change.newcomers());
          if (change.otherCoordinator()) {
            telling.otherCoordinator();
          }
        });
  }

  void card(NodeId from) {
    locked(
        () -> {
          leases.card(from);
          refreshPeers();
        });
    leases.answerDue();
    wake();
  }

  void leaving(NodeId from) {
    locked(
        () -> {
          maps.gone(from);
          refreshPeers();
        });
  }

  void told(NodeId from, SwarmMessage.Have have) {
    if (node.isShunned(from)) {
      return;
    }
    locked(
        () -> {
          boolean known = maps.nodes().contains(from);
          maps.told(from, have);
          leases.progressed(from, node.now());
          heardAt.put(from, node.now());
          if (have.all() && !known) {
            telling.again(from);
          }
        });
    wake();
  }

  /** All that was told of it before it was known here is heard. */
  void opens() {
    locked(leases::opens);
    leases.answerDue();
  }

  /** How many nodes share what is to be fetched from the hub; called with the lock held. */
  int hubNodes() {
    return leases.hubNodes();
  }

  /** To the coordinator. */
  void asked(NodeId from, SwarmMessage.AskLease ask) {
    leases.asked(from, ask);
  }

  void leased(NodeId from, SwarmMessage.Lease lease) {
    Fetching f = fetching;
    if (f != null) {
      f.leased(from, lease);
    }
  }

  void revoked(List<ChunkRun> runs, boolean asks) {
    Fetching f = fetching;
    if (f != null) {
      f.revoked(runs, asks);
    }
  }

  void shunned(NodeId peer) {
    locked(
        () -> {
          // What it says it holds counts for nothing, or nobody would fetch that from the hub.
          maps.lied(peer);
          leases.shunned(peer);
        });
    Fetching f = fetching;
    if (f != null) {
      f.shunned(peer);
    }
  }

  /** Called several times a second. */
  void tick(long now) {
    Fetching f = fetching;
    try {
      traffic.tick(now, node.served());
      leases.answerDue();
      lock.lock();
      try {
        telling.freshIfDue(now);
      } finally {
        lock.unlock();
      }
      if (f != null) {
        f.tick(now);
      }
    } catch (RuntimeException e) {
      node.detail("a swarm could not go on: " + e);
      if (f != null) {
        f.fail(
            e instanceof FailureException told
                ? told
                : new FailureException(
                    new Failure.Internal(e.toString(), id.toString(), "report it, with -v"), e));
      }
    }
  }

  /** Whether this node only serves it, and has not looked for a while what there is to serve. */
  boolean isStockOld(long now) {
    lock.lock();
    try {
      boolean old = telling.wanted.isEmpty() && now - stockedAt > RESTOCK_MILLIS;
      stockedAt = old ? now : stockedAt;
      return old;
    } finally {
      lock.unlock();
    }
  }

  /** Whether this node wants nothing of it, and nobody has spoken of it for a while. */
  boolean isForgotten(long now) {
    lock.lock();
    try {
      boolean others = maps.nodes().stream().anyMatch(n -> !n.equals(node.self()));
      quietSince = others || !telling.wanted.isEmpty() ? now : quietSince;
      return now - quietSince > FORGOTTEN_MILLIS;
    } finally {
      lock.unlock();
    }
  }

  void wake() {
    Fetching f = fetching;
    if (f != null) {
      f.wake();
    }
  }

  /** Whether this node's part of the blob is cut as the swarm cuts it. */
  boolean isCutAlike(int blob) {
    lock.lock();
    try {
      return cutAlike.get(blob);
    } finally {
      lock.unlock();
    }
  }

  private void refreshPeers() {
    Fetching f = fetching;
    if (f == null) {
      return;
    }
    Map<NodeId, Nearness> serving = new HashMap<>();
    Map<NodeId, SwarmMessage.Card> cards = node.members().cards();
    Neighbours neighbours = node.peering().neighbours();
    neighbours
        .near()
        .forEach(
            (peer, near) -> {
              SwarmMessage.Card card = cards.get(peer);
              if (card != null && node.peering().takesFrom(card)) {
                serving.put(peer, near);
              }
            });
    f.peers(serving, neighbours.bridges());
  }

  /** The hub gave trouble: what is leased here is left to others for now. */
  void hubFailed() {
    Fetching f = fetching;
    if (f != null) {
      f.giveBack();
    }
  }

  String state() {
    return state;
  }

  /** Figures for people and for judging whether there is hope. */
  SwarmFigures figures() {
    return new SwarmFigures(this, node, telling, traffic);
  }

  /**
   * Bytes of these files that other nodes hold.
   *
   * @param patience time they are given to tell
   */
  public long heldByOthers(List<RepoFile> files, Duration patience) throws InterruptedException {
    Thread.sleep(patience);
    return figures().heldByOthers(files);
  }
}
