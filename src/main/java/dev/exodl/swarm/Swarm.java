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
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot's swarm as this node sees it, and this node's part in it. Methods may be called by
 * any thread and do not wait for others.
 */
public final class Swarm {
  final SwarmId id;
  final SwarmBlobs blobs;
  private final List<Entry> listing;
  final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  final HaveMaps maps;
  final Telling telling;
  final Presence presence;
  private final Heard heard;
  private final Given given;
  private final LeaseDesk leases;

  private final Quiet quiet;
  private final SwarmNode node;
  private final Traffic traffic = new Traffic();
  final Seeking seeking;
  private volatile @Nullable Fetching fetching;
  private volatile String state = "starting";

  Swarm(SwarmId id, List<Entry> listing, SwarmNode node, Holdings shelf) {
    this.id = id;
    this.listing = sorted(listing);
    this.blobs = new SwarmBlobs(listing);
    this.maps = new HaveMaps(blobs);
    this.presence = new Presence(this, node);
    this.heard = new Heard(maps);
    this.telling = new Telling(id, blobs, maps, new Crowd.Of(node, presence.nearby));
    this.seeking = new Seeking(this, node);
    this.given = new Given(id, blobs, shelf, telling, node);
    this.leases = new LeaseDesk(this, node);
    this.node = node;
    this.quiet = new Quiet(node.now());
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  private void ifFetching(Consumer<Fetching> then) {
    Fetching f = fetching;
    if (f != null) {
      then.accept(f);
    }
  }

  private boolean answered(BooleanSupplier question) {
    lock.lock();
    try {
      return question.getAsBoolean();
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
    locked(() -> quiet.again(node.now()));
    return this;
  }

  /** A sync entered it: it is not forgotten until this node leaves. */
  void stays() {
    locked(quiet::stays);
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

  /**
   * Others get only what comes from now on, until {@link #givesAll}.
   *
   * @param asker called once, with a lock held, when something else is here
   */
  void onlyFetched(Runnable asker) {
    locked(() -> given.onlyFetched(asker));
  }

  /** Anybody may have what is here, whichever run fetched it. */
  public void givesAll() {
    locked(given::all);
    wake();
  }

  /** Whole blobs of the snapshot that are on this disk. */
  void present(Map<BlobId, Path> files) {
    locked(
        () -> {
          files.forEach(
              (blob, path) -> blobs.number(blob).ifPresent(number -> given.present(number, path)));
          presence.refresh();
        });
  }

  /**
   * This node wants these files.
   *
   * @param all every file it is to have in the end
   * @param missing those that are to be fetched, in the order of the fetch's plan
   * @param first what this node needs before the rest
   * @return the exchange for the fetch
   */
  public Exchange want(
      List<RepoFile> all, List<RepoFile> missing, ChunkSource hub, int streams, NeededFirst first) {
    lock.lock();
    try {
      all.forEach(f -> blobs.number(f.blob()).ifPresent(telling.wanted::set));
      Fetching begun = new Fetching(this, node, hub, missing, streams, first.places(blobs));
      fetching = begun;
      presence.refresh();
      presence.tellPeers();
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
    ifFetching(f -> f.begins(fetcher));
  }

  /** Which chunks of a file came from peers that are not to be believed; see {@link Doubts}. */
  public BitSet doubt(int file, BitSet held) {
    Fetching f = fetching;
    return f == null ? new BitSet() : f.doubt(file, held);
  }

  /** Tells the others that this node is here, and what it holds. */
  void announce() {
    locked(
        () -> {
          presence.refresh();
          telling.all();
        });
  }

  /** Whether this node holds or wants something of it. */
  boolean takesPart() {
    return presence.takesPart();
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
    locked(() -> blobs.number(file.blob()).ifPresent(b -> given.opened(b, part, held)));
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
    locked(() -> blobs.number(file.blob()).ifPresent(b -> given.lost(b, left)));
  }

  /** Somebody removed the blob from the disk: the others are not to ask for it. */
  void gone(BlobId blob) {
    locked(() -> blobs.number(blob).ifPresent(given::gone));
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
    if (from instanceof Origin.Hub && node.hub().worked()) {
      node.own().tellCard();
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
    return answered(
        () ->
            telling.isDone()
                && heard.allDone(n -> tells(n) && node.members().card(n).isPresent(), node.now()));
  }

  /** Whether that node tells this one what comes to it. Called with the lock held. */
  private boolean tells(NodeId from) {
    boolean asToAll = node.coordinates() && node.members().card(from).isPresent();
    return asToAll || telling.isTo(from) || from.equals(node.self());
  }

  // What the others say, told by the cluster's thread.

  void view(Members.Change change, List<NodeId> members, boolean coordinating) {
    locked(
        () -> {
          heard.retain(members);
          // Who coordinates again later does not know what was leased meanwhile.
          leases.members(coordinating ? members : List.of());
          if (coordinating && change.otherCoordinator()) {
            leases.begins();
          }
          if (change.otherCoordinator()) {
            telling.otherCoordinator();
          }
          telling.forget(change.newcomers());
          presence.refresh();
          telling.audienceChanged();
        });
  }

  void card(NodeId from) {
    locked(
        () -> {
          leases.card(from);
          // In a large cluster many come at once; there they are looked at in the next tick.
          if (!TellPolicy.isLarge(node.members().all().size())) {
            presence.refresh();
          }
        });
    wake();
  }

  /** Answers who waited for a node to tell all. */
  void answerDue() {
    leases.answerDue();
  }

  void leaving(NodeId from) {
    locked(
        () -> {
          maps.gone(from);
          presence.refresh();
        });
  }

  void told(NodeId from, SwarmMessage.Have have) {
    if (node.isShunned(from)) {
      return;
    }
    locked(
        () -> {
          boolean known = maps.slot(from) >= 0;
          maps.told(from, have);
          leases.progressed(from, node.now());
          heard.told(from, node.now());
          quiet.stirred(node.now());
          if (have.all() && !known && telling.isTo(from)) {
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

  /** The coordinator says that these and this node have something for each other. */
  void meet(List<NodeId> nodes) {
    locked(() -> presence.meet(nodes));
    wake();
  }

  /** To the coordinator. */
  void asked(NodeId from, SwarmMessage.AskLease ask) {
    leases.asked(from, ask);
  }

  void leased(NodeId from, SwarmMessage.Lease lease) {
    ifFetching(f -> f.leased(from, lease));
  }

  void revoked(List<ChunkRun> runs, boolean asks) {
    ifFetching(f -> f.revoked(runs, asks));
  }

  void shunned(NodeId peer) {
    locked(
        () -> {
          // What it says it holds counts for nothing, or nobody would fetch that from the hub.
          maps.lied(peer);
          leases.shunned(peer);
        });
    ifFetching(f -> f.shunned(peer));
  }

  /** Called several times a second. */
  void tick(long now) {
    Fetching f = fetching;
    try {
      traffic.tick(now, node.served());
      leases.answerDue();
      locked(
          () -> {
            presence.refresh();
            heard.forgetStrangers(this::tells, now);
            telling.freshIfDue(now);
          });
      if (f != null) {
        f.tick(now);
        seeking.tick(now);
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
    return answered(() -> telling.wanted.isEmpty() && quiet.isStockOld(now));
  }

  /** When somebody told something of it last. */
  long stirredAt() {
    return quiet.stirredAt();
  }

  /** Whether this node wants nothing of it, and nobody takes part in it for a while. */
  boolean isForgotten(long now) {
    return answered(
        () -> {
          boolean needed =
              !telling.wanted.isEmpty()
                  || maps.size() > (maps.slot(node.self()) >= 0 ? 1 : 0)
                  || presence.nearby.isNamed();
          return quiet.isForgotten(needed, now);
        });
  }

  void wake() {
    ifFetching(f -> f.wake());
  }

  /** Whether this node's part of the blob is cut as the swarm cuts it. */
  boolean isCutAlike(int blob) {
    return answered(() -> given.isCutAlike(blob));
  }

  /** The hub gave trouble: what is leased here is left to others for now. */
  void hubFailed() {
    ifFetching(f -> f.giveBack());
  }

  String state() {
    return state;
  }

  /** Whether another node is to fetch all from the hub; called with the lock held. */
  boolean isLed() {
    return leases.isLed();
  }

  @Nullable Fetching fetching() {
    return fetching;
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
