package dev.exodl.plan;

import dev.exodl.model.ChunkGrid;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.ChunkBits;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmBlobs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a node of a swarm fetches next: chunks that peers hold, the rarest first, from the nearest
 * peer that is not busy; beside them what it has a lease for, from the hub. Not safe for several
 * threads; time passed in. It follows one plan, whose events tell it what changes.
 */
public final class SwarmChooser {
  /** A node waits so long for another one of its host or zone to take a chunk from farther away. */
  public static final int WAIT_MILLIS = 5_000;

  private final SwarmBlobs blobs;
  private final HaveMaps maps;
  private final int[] blobOfFile;
  private final ChunkBits leased;
  private final ChunkBits hubOnly;
  private final Peers peers;
  private final Together together;
  private final Rarest rarest;
  private final Openings openings;
  private final Streams streams;
  private final RandomGenerator random;
  private final int maxPulls;
  private int maxHub;
  private FirstChunks first = FirstChunks.NONE;

  /** What can be taken from other nodes. */
  private ChunkBits held;

  private @Nullable FreeChunks chunks;

  /**
   * A chooser that knows of no peer and no lease.
   *
   * @param blobOfFile the blob's number in the swarm, for each file of the plan, no blob twice; -1
   *     for an empty one
   * @param maxPulls streams from all peers at once
   * @param maxHub streams from the hub at once
   */
  public SwarmChooser(
      SwarmBlobs blobs,
      HaveMaps maps,
      List<Integer> blobOfFile,
      int maxPulls,
      int maxHub,
      RandomGenerator random) {
    this.blobs = blobs;
    this.maps = maps;
    this.blobOfFile = blobOfFile.stream().mapToInt(Integer::intValue).toArray();
    this.leased = new ChunkBits(blobs.places());
    this.hubOnly = new ChunkBits(blobs.places());
    this.peers = new Peers(maps, random);
    this.together = new Together(maps, WAIT_MILLIS);
    this.rarest = new Rarest(maps, hubOnly, peers, together, random);
    this.openings = new Openings(this.blobOfFile, leased, hubOnly, rarest);
    this.streams = new Streams(peers, hubOnly);
    this.held = maps.anybody();
    this.random = random;
    this.maxPulls = maxPulls;
    this.maxHub = maxHub;
  }

  /**
   * What comes before all others: of each set of places what is left to begin with, before the next
   * one counts.
   */
  public void first(List<BitSet> sets) {
    first = new FirstChunks(blobs.places(), sets);
  }

  /** Places of such chunks as nobody holds and nobody leased to this node. */
  public BitSet lacksFirst(PlanState plan) {
    return first.lacking(following(plan), held, leased);
  }

  /**
   * Who this node is, so that nodes of one host or zone take a chunk from afar once. If the maps
   * say that it encrypts, what only others hold is as if nobody held it.
   */
  public void self(NodeId self) {
    together.self(self);
    held = maps.heldFor(maps.encrypts(self));
    peers.changed();
  }

  /** The nodes of this zone that have neighbours in others; all, if there are none. */
  public void bridges(Set<NodeId> nodes) {
    together.bridges(nodes);
    peers.changed();
  }

  /** A node that serves chunks, and how far it is. */
  public void peer(NodeId node, Nearness nearness) {
    peers.put(node, nearness);
  }

  /**
   * Chunks of a file that turned out bad: they come from the hub, without a lease and whoever holds
   * them, and not from peers, as long as the hub gives.
   */
  public void fromHubOnly(PlanState plan, int file, BitSet chunks) {
    following(plan);
    ChunkGrid own = plan.file(file).grid();
    int blob = blobOfFile[file];
    for (int c = chunks.nextSetBit(0); c >= 0 && blob >= 0; c = chunks.nextSetBit(c + 1)) {
      blobs.places(blob, own.start(c), own.start(c + 1)).forEach(hubOnly::set);
    }
  }

  /**
   * So many chunks that peers hold and do not give are on their way from the hub from now on,
   * without a lease: any of them, so that nodes that wait for the same do not all fetch the same.
   *
   * @param unheld whether also such as nobody holds; else they are leased to somebody, or will be
   */
  public void fromHubOnly(PlanState plan, int most, boolean unheld) {
    HeldBack.toHub(hubOnly, held, following(plan), unheld, most, random);
  }

  /** This chunk of a file comes from the hub, without a lease, as long as that gives. */
  public void fromHubOnly(int file, int chunk) {
    if (chunks != null) {
      hubOnly.set(chunks.place(file, chunk));
    }
  }

  /** Whether this chunk of a file comes from the hub without a lease. */
  public boolean isFromHubOnly(int file, int chunk) {
    return chunks != null && hubOnly.get(chunks.place(file, chunk));
  }

  /** Streams from peers now. */
  public int pulls() {
    return streams.pulls();
  }

  /** What a chunk takes from the hub, of late; 0 when that is not known. */
  public long hubMillis() {
    return streams.hubMillis(blobs.chunkSize());
  }

  /** Whether leased chunks are on their way from the hub. */
  public boolean fetchesLeased(PlanState plan) {
    return plan.runs().stream()
        .anyMatch(r -> streams.isHub(r.id()) && !isFromHubOnly(r.file(), r.first()));
  }

  /**
   * Whether the hub can be expected to give what is to come from it only: else peers are asked for
   * that too. At first it is expected to.
   */
  public void hubGives(boolean does) {
    rarest.hubGives(does);
    peers.hubGives(does);
  }

  public void peerGone(NodeId node) {
    peers.gone(node);
  }

  /** Whether nothing is taken from this node any more. */
  public void shun(NodeId node, boolean does) {
    peers.shun(node, does);
  }

  /** The peer did not give what it holds: others are asked for a while. */
  public void trouble(NodeId node, long nowMillis) {
    peers.trouble(node, nowMillis);
  }

  /** The peer gives next to nothing: it is left alone for long, as long as the hub gives. */
  public void crawls(NodeId node, long nowMillis) {
    peers.crawls(node, nowMillis);
  }

  public void fine(NodeId node) {
    peers.fine(node);
  }

  public void maxHub(int streams) {
    maxHub = streams;
  }

  /** The coordinator granted these. */
  public void lease(List<ChunkRun> granted) {
    granted.stream()
        .filter(blobs::has)
        .forEach(r -> leased.set(blobs.place(r.blob(), r.first()), blobs.place(r.blob(), r.end())));
  }

  /**
   * Not to be fetched from the hub by us; what is under way goes on, and its lease is kept.
   *
   * @return whether there were such that are not under way
   */
  public boolean revoke(PlanState plan, List<ChunkRun> revoked) {
    FreeChunks now = following(plan);
    boolean any = false;
    for (ChunkRun run : revoked) {
      if (!blobs.has(run)) {
        continue;
      }
      int end = blobs.place(run.blob(), run.end());
      for (int place = end - run.chunks(); place < end; place++) {
        if (leased.get(place) && (now.free.get(place) || now.pending.get(place))) {
          leased.clear(place);
          any = true;
        }
      }
    }
    return any;
  }

  /**
   * All leases are given back but those of chunks that are under way.
   *
   * @return whether there were such
   */
  public boolean dropLeases(PlanState plan) {
    FreeChunks now = following(plan);
    boolean any = false;
    for (int place = leased.nextSet(0); place >= 0; place = leased.nextSet(place + 1)) {
      if (now.free.get(place) || now.pending.get(place)) {
        leased.clear(place);
        any = true;
      }
    }
    return any;
  }

  /** Blobs that another process fetches to the same place; no lease is to be had for them. */
  public BitSet elsewhere(PlanState plan) {
    return (BitSet) following(plan).elsewhere.clone();
  }

  /**
   * Leases of these blobs are given back: others need them.
   *
   * @return whether there were such
   */
  public boolean dropLeasesOf(BitSet given) {
    boolean any = false;
    for (int b = given.nextSetBit(0); b >= 0; b = given.nextSetBit(b + 1)) {
      int first = leased.nextSet(blobs.place(b));
      if (first >= 0 && first < blobs.place(b + 1)) {
        leased.clear(first, blobs.place(b + 1));
        any = true;
      }
    }
    return any;
  }

  /** Leased chunks that are not held yet, those under way included. */
  public List<ChunkRun> holding(PlanState plan) {
    FreeChunks now = following(plan);
    List<ChunkRun> holding = new ArrayList<>();
    for (int place = leased.nextSet(0); place >= 0; ) {
      if (now.held.get(place)) {
        leased.clear(place);
        place = leased.nextSet(place + 1);
        continue;
      }
      int blob = blobs.blobAt(place);
      int end = place + 1;
      while (end < blobs.place(blob + 1) && leased.get(end) && !now.held.get(end)) {
        end++;
      }
      holding.add(new ChunkRun(blob, place - blobs.place(blob), end - blobs.place(blob)));
      place = leased.nextSet(end);
    }
    return holding;
  }

  /** Chunks on their way from the hub. */
  public int begun(PlanState plan) {
    int begun = 0;
    for (Run run : plan.runs()) {
      if (streams.isHub(run.id())) {
        BitSet have = plan.file(run.file()).have;
        for (int c = have.nextClearBit(run.first()); c < run.end(); c = have.nextClearBit(c + 1)) {
          begun++;
        }
      }
    }
    return begun;
  }

  /**
   * Bytes that are leased and in no run yet; a chunk of a small file counts as much as a request
   * costs.
   */
  public long leasedAhead(PlanState plan) {
    FreeChunks now = following(plan);
    long bytes = 0;
    for (int place = leased.nextSet(0); place >= 0; place = leased.nextSet(place + 1)) {
      if (now.free.get(place) || now.pending.get(place)) {
        bytes += blobs.cost(blobs.blobAt(place), place);
      }
    }
    return bytes;
  }

  /**
   * Whether something is wanted that neither this node has nor any other that told. If not, there
   * is nothing to ask the coordinator for.
   */
  public boolean lacks(PlanState plan) {
    FreeChunks now = following(plan);
    for (int i = 0; i < leased.words(); i++) {
      if (((now.free.word(i) | now.pending.word(i)) & ~held.word(i)) != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Runs that are to be stopped, since peers, or other ones, would be much faster by now: asked for
   * by who has nothing to begin, from time to time. Their chunks are free again when they ended.
   */
  public List<Long> tooSlow(PlanState plan, long nowMillis) {
    return streams.pulls() < maxPulls
        ? streams.tooSlow(plan, following(plan), nowMillis)
        : List.of();
  }

  private FreeChunks following(PlanState plan) {
    if (chunks == null) {
      chunks = new FreeChunks(blobs, blobOfFile, streams, plan);
      plan.watch(chunks);
    }
    return chunks;
  }

  /** What to fetch next at {@code nowMillis}. */
  public Step next(PlanState plan, long nowMillis) {
    FreeChunks now = following(plan);
    Step.Open large = openings.large(plan, now);
    if (large != null) {
      return large;
    }
    streams.settle(plan, nowMillis);
    if (peers.refresh(nowMillis)) {
      together.regroup(peers);
    }
    List<ChunkBits> before = first.left(now);
    boolean ahead = Openings.isAhead(now);
    Step step = ahead ? null : openings.small(now, held, before, nowMillis);
    boolean mayPull = streams.pulls() < maxPulls && peers.anyUsable();
    boolean mayFetch = streams.hub() < maxHub;
    step = step == null && mayPull ? pull(plan, now, before, nowMillis) : step;
    for (ChunkBits of : before) {
      step = step == null && mayFetch ? fromHub(plan, now, of, nowMillis) : step;
    }
    step = step == null && mayFetch ? fromHub(plan, now, null, nowMillis) : step;
    // Those that are open cannot be fetched now: perhaps others can.
    boolean may = mayPull || mayFetch;
    step = step == null && ahead && may ? openings.small(now, held, before, nowMillis) : step;
    step = step == null && mayPull ? openings.held(now, held, nowMillis) : step;
    return step == null ? new Step.Idle() : step;
  }

  private @Nullable Step fromHub(
      PlanState plan, FreeChunks now, @Nullable ChunkBits of, long nowMillis) {
    for (int i = 0; i < leased.words(); i++) {
      long mine = (leased.word(i) | hubOnly.word(i)) & now.free.word(i);
      mine &= of == null ? -1L : of.word(i);
      for (long places = mine; places != 0; places &= places - 1) {
        int place = (i << 6) + Long.numberOfTrailingZeros(places);
        int blob = blobs.blobAt(place);
        FilePlan file = now.fileOf(blob);
        // What a peer holds by now is not fetched over the internet.
        boolean there = !hubOnly.get(place) && peers.heldWithin(place, Nearness.FAR);
        if (there || (file.sequential && file.runs > 0)) {
          continue;
        }
        return hubRun(plan, now, file, blob, place, nowMillis);
      }
    }
    return null;
  }

  private Step hubRun(
      PlanState plan, FreeChunks now, FilePlan file, int blob, int place, long nowMillis) {
    long each = blobs.chunkSize();
    long share = leasedAhead(plan) / Math.max(1, maxHub);
    int limit = (int) (Math.min(share, streams.hubRunBytes()) / each);
    int end = place + 1;
    while (end < blobs.place(blob + 1)
        && end - place < limit
        && now.free.get(end)
        && (hubOnly.get(end) || (leased.get(end) && !peers.heldWithin(end, Nearness.FAR)))) {
      end++;
    }
    return run(plan, file, blob, place, end, Origin.HUB, nowMillis);
  }

  private @Nullable Step pull(
      PlanState plan, FreeChunks now, List<ChunkBits> before, long nowMillis) {
    int place = -1;
    ChunkBits of = null;
    for (int i = 0; i < before.size() && place < 0; i++) {
      place = rarest(now, before.get(i), nowMillis);
      of = place < 0 ? null : before.get(i);
    }
    place = place < 0 ? rarest(now, null, nowMillis) : place;
    Peers.Peer from = place < 0 ? null : rarest.source(place, nowMillis);
    if (from == null) {
      return null;
    }
    int blob = blobs.blobAt(place);
    FilePlan file = now.fileOf(blob);
    int limit = Math.max(1, (int) (peers.runBytes(from) / blobs.chunkSize()));
    int holders = maps.count(place);
    int first = place;
    int end = place + 1;
    while (end < blobs.place(blob + 1)
        && end - first < limit
        && isBeside(now, of, from, end, holders, nowMillis)) {
      end++;
    }
    while (first > blobs.place(blob)
        && end - first < limit
        && isBeside(now, of, from, first - 1, holders, nowMillis)) {
      first--;
    }
    if (!now.cutAlike(file) && !holdsOwn(file, blob, first, from)) {
      return null;
    }
    return run(plan, file, blob, first, end, new Origin.Peer(from.node), nowMillis);
  }

  private int rarest(FreeChunks now, @Nullable ChunkBits of, long nowMillis) {
    boolean smallTurn = now.hasSmall() && 2 * streams.smallPulls() < maxPulls;
    return rarest.free(now, held, of, smallTurn, nowMillis);
  }

  /** Whether a chunk is asked for together with one beside it, that so many hold. */
  private boolean isBeside(
      FreeChunks now,
      @Nullable ChunkBits of,
      Peers.Peer from,
      int place,
      int holders,
      long nowMillis) {
    return now.free.get(place)
        && (of == null || of.get(place))
        && rarest.mayPull(place)
        && maps.holds(from.slot, place)
        && maps.count(place) <= holders
        && rarest.isTurn(place)
        && rarest.mayTake(place, from.nearness, nowMillis);
  }

  /** Whether the peer holds all chunks of the swarm that the file's own one is in. */
  private boolean holdsOwn(FilePlan file, int blob, int place, Peers.Peer from) {
    long start = blobs.grid(blob).start(place - blobs.place(blob));
    int own = file.firstFree(file.grid().indexOf(start));
    return maps.holds(from.slot, blob, file.grid().start(own), file.grid().start(own + 1));
  }

  private Step run(
      PlanState plan, FilePlan file, int blob, int place, int end, Origin origin, long nowMillis) {
    int first = place - blobs.place(blob);
    int last = end - blobs.place(blob);
    if (!following(plan).cutAlike(file)) {
      // As many of the file's own chunks as begin in these of the swarm.
      ChunkGrid swarm = blobs.grid(blob);
      long bytes = swarm.start(last);
      first = file.firstFree(file.grid().indexOf(swarm.start(first)));
      int most = Math.max(1, file.grid().indexOf(bytes - 1) + 1 - first);
      last =
          origin instanceof Origin.Hub || swarm.chunkSize() > file.grid().chunkSize()
              ? file.endOfFree(first, most)
              : first + 1;
    }
    Run run = plan.run(file, first, Math.max(last, first + 1));
    streams.began(run, origin, file.small, nowMillis);
    return new Step.Fetch(run, origin);
  }
}
