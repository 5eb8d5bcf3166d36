package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The coordinator's part in a swarm: who fetches what from the hub. No chunk that a live node holds
 * or has a lease for is leased again, but at the end, when it is taken from a slow node. A node
 * that encrypts takes nothing from those that do not, and none from whom it shuns, so it gets in
 * the end what only they have. Not safe for several threads; time passed in.
 */
public final class LeasePlan {
  /** A lease is work for about this long, so that a fast node gets more. */
  private static final int SECONDS = 2;

  /** For a node whose rate is not known. */
  private static final long FIRST = 4L << 20;

  static final long LONGEST = 512L << 20;

  /**
   * A lease without a new chunk for this long is over, if its node is not so slow that a chunk
   * takes longer.
   */
  public static final int LEASE_MILLIS = 20_000;

  /** In any case. */
  static final int LONGEST_MILLIS = 600_000;

  private final SwarmBlobs blobs;
  private final HaveMaps maps;
  private final Map<NodeId, Holding> leases = new HashMap<>();

  /** Leased to nodes that do not encrypt, and to those that do and take nothing from the former. */
  private final ChunkBits leased;

  private final ChunkBits leasedEncrypted;
  private final HubCrew crew;
  private final Takeover takeover;
  private final Orphans orphans;
  private TellPolicy policy;
  private int answers;
  private boolean fromTheEnd;

  /** Nothing is leased; nodes tell what they hold as the policy says. */
  public LeasePlan(SwarmBlobs blobs, HaveMaps maps, TellPolicy policy) {
    this.blobs = blobs;
    this.maps = maps;
    this.policy = policy;
    this.leased = new ChunkBits(blobs.places());
    this.leasedEncrypted = new ChunkBits(blobs.places());
    this.crew = new HubCrew(blobs.places());
    this.takeover = new Takeover(blobs, maps, leases);
    this.orphans = new Orphans(maps, blobs.places());
  }

  /** Nodes tell what they hold in this way from now on. */
  public void policy(TellPolicy now) {
    policy = now;
  }

  /**
   * The answer to a request.
   *
   * @param number grows with each answer
   * @param grant chunks that this node is to fetch
   * @param revoke chunks that it thinks it holds a lease for, but somebody else fetches or holds
   *     them
   * @param taken chunks that other nodes have leases for, and are not to begin with any more; those
   *     that are not of the grant are passed on when their nodes told that they did not
   * @param passed chunks that this node gave back, and who fetches them now
   * @param millis with a grant: how long it lasts without a new chunk of it; without: when to ask
   *     again
   */
  public record Answer(
      int number,
      List<ChunkRun> grant,
      List<ChunkRun> revoke,
      Map<NodeId, List<ChunkRun>> taken,
      Map<NodeId, List<ChunkRun>> passed,
      int millis) {}

  /** Whether from now on the last chunks are leased first. */
  public void fromTheEnd(boolean lastFirst) {
    fromTheEnd = lastFirst;
  }

  /** Answers a request at {@code nowMillis} of any clock that only goes forward. */
  public Answer asked(NodeId node, SwarmMessage.AskLease ask, int hubNodes, long nowMillis) {
    expire(nowMillis);
    Holding holding = new Holding(maps.encrypts(node));
    holding.bytesPerSecond = ask.bytesPerSecond();
    holding.toldAt = nowMillis;
    answers++;
    List<ChunkRun> revoke = keep(node, ask, holding, nowMillis);
    Map<NodeId, List<ChunkRun>> passed = pass(node, holding, nowMillis);
    List<ChunkRun> grant = new ArrayList<>();
    Map<NodeId, List<ChunkRun>> taken = Map.of();
    boolean takes = takes(node, ask, hubNodes, nowMillis);
    if (ask.more() && takes && !holding.over) {
      grant(ask, new Busy(maps.anybody(), false), hubNodes, nowMillis, grant);
      if (grant.isEmpty() && maps.isPicky(node)) {
        // Last what others have: so these can take from here what they have not.
        grant(ask, new Busy(node, holding), hubNodes, nowMillis, grant);
      }
      if (grant.isEmpty() && holding.left == 0) {
        // Nobody says of the coordinator's own chunks that they came.
        leases.keySet().forEach(n -> progressed(n, nowMillis));
        Takeover.Tail tail = takeover.by(node, ask, nowMillis);
        taken = tail == null ? Map.of() : Map.of(tail.from(), tail.runs());
        if (tail != null && tail.atOnce()) {
          taken(tail.from(), tail.runs(), grant);
        }
      }
    }
    if (holding.left == 0) {
      holding.progressed = nowMillis;
    }
    grant(holding, grant);
    if (holding.runs.isEmpty()) {
      leases.remove(node);
    } else {
      leases.put(node, holding);
    }
    int millis = policy.askAgainMillis(takes ? crew.most(hubNodes) : hubNodes);
    return new Answer(
        answers,
        List.copyOf(grant),
        revoke,
        taken,
        passed,
        grant.isEmpty() ? millis : (int) holding.patience(blobs.chunkSize()));
  }

  /** What this node gave back, as it was asked to, goes to who was promised it. */
  private Map<NodeId, List<ChunkRun>> pass(NodeId node, Holding of, long nowMillis) {
    Takeover.Promise promise = takeover.promise(node);
    if (promise == null || of.over) {
      return Map.of();
    }
    Busy busy = new Busy(node, of);
    List<ChunkRun> given = new ArrayList<>();
    for (ChunkRun run : promise.runs()) {
      for (int c = run.first(); c < run.end(); c++) {
        if (!busy.is(blobs.place(run.blob(), c))) {
          ChunkRuns.append(given, run.blob(), c);
        }
      }
    }
    Holding next = leases.get(promise.to());
    if (given.isEmpty() || (next != null && next.over)) {
      return Map.of();
    }
    takeover.kept(node);
    if (next == null) {
      next = new Holding(of.encrypts);
      next.bytesPerSecond = promise.bytesPerSecond();
      leases.put(promise.to(), next);
    }
    next.progressed = next.left == 0 ? nowMillis : next.progressed;
    grant(next, given);
    return Map.of(promise.to(), given);
  }

  private boolean takes(NodeId node, SwarmMessage.AskLease ask, int hubNodes, long nowMillis) {
    if (!ask.more()) {
      if (ask.holding().isEmpty()) {
        crew.leaves(node);
      }
      return false;
    }
    return crew.takes(node, (double) ask.bytesPerSecond(), hubNodes, nowMillis);
  }

  /** Puts what the node still has to fetch into its new holding; the others' part is revoked. */
  private List<ChunkRun> keep(
      NodeId node, SwarmMessage.AskLease ask, Holding holding, long nowMillis) {
    Holding before = leases.remove(node);
    if (before != null && !before.over) {
      clear(before);
      before.sent.stream().filter(s -> s.number() > ask.heard()).forEach(holding.sent::add);
    }
    List<ChunkRun> told = new ArrayList<>(ask.holding());
    holding.sent.forEach(s -> told.addAll(s.runs()));
    List<ChunkRun> kept = new ArrayList<>();
    List<ChunkRun> revoke = new ArrayList<>();
    sort(node, told, holding, kept, revoke);
    holding.progressed = nowMillis;
    if (before != null && !kept.isEmpty()) {
      boolean moved = left(node, before) < before.left || before.left == 0;
      holding.progressed = moved ? nowMillis : before.progressed;
      holding.over = before.over && !moved;
    }
    if (holding.over) {
      holding.runs = kept;
      holding.left = count(kept);
    } else {
      add(holding, kept);
    }
    holding.begunTold(ask.begun(), blobs.chunkSize());
    return revoke;
  }

  /**
   * Which of these the node may go on with, each once, and which not: others fetch or hold them, or
   * they are more than a node has.
   */
  private void sort(
      NodeId node,
      List<ChunkRun> told,
      Holding holding,
      List<ChunkRun> kept,
      List<ChunkRun> revoke) {
    Busy busy = new Busy(node, holding);
    int slot = maps.slot(node);
    BitSet seen = new BitSet(blobs.places());
    double most = holding.mostBytes(blobs.chunkSize());
    for (ChunkRun run : told) {
      if (!blobs.has(run)) {
        continue;
      }
      int end = end(run);
      for (int p = seen.nextClearBit(first(run)); p < end; p = seen.nextClearBit(p + 1)) {
        seen.set(p);
        if (slot >= 0 && maps.holds(slot, p)) {
          continue;
        }
        boolean keeps = most > 0 && !busy.is(p);
        most -= keeps ? blobs.cost(run.blob(), p) : 0;
        ChunkRuns.append(keeps ? kept : revoke, run.blob(), p - blobs.place(run.blob()));
      }
    }
  }

  private void add(Holding holding, List<ChunkRun> runs) {
    runs.forEach(r -> leasedTo(holding).set(first(r), end(r)));
    holding.runs.addAll(runs);
    holding.left += count(runs);
  }

  private void grant(Holding holding, List<ChunkRun> runs) {
    add(holding, runs);
    if (!runs.isEmpty()) {
      holding.sent.add(new Holding.Sent(answers, List.copyOf(runs)));
    }
  }

  private ChunkBits leasedTo(Holding holding) {
    return holding.encrypts ? leasedEncrypted : leased;
  }

  private void clear(Holding holding) {
    holding.runs.forEach(r -> leasedTo(holding).clear(first(r), end(r)));
  }

  private int first(ChunkRun run) {
    return blobs.place(run.blob(), run.first());
  }

  private int end(ChunkRun run) {
    return blobs.place(run.blob(), run.end());
  }

  private static int count(List<ChunkRun> runs) {
    return runs.stream().mapToInt(ChunkRun::chunks).sum();
  }

  /** Chunks that somebody holds or fetches: anybody, or one from whom a node takes chunks. */
  private final class Busy {
    private final ChunkBits held;
    private final ChunkBits others;

    Busy(NodeId node, Holding holding) {
      this(maps.heldFor(node), holding.encrypts);
    }

    private Busy(ChunkBits held, boolean encrypted) {
      this.held = held;
      others = encrypted ? leasedEncrypted : leased;
    }

    boolean is(int place) {
      return (word(place >> 6) & (1L << place)) != 0;
    }

    long word(int i) {
      return held.word(i) | others.word(i) | leasedEncrypted.word(i);
    }

    /** Of a word of chunks those that may be leased. */
    long free(int i) {
      return ~(word(i) | orphans.young(i));
    }
  }

  /** Chunks in the order of the blobs, so that files become whole one after the other. */
  private void grant(
      SwarmMessage.AskLease ask, Busy busy, int hubNodes, long nowMillis, List<ChunkRun> grant) {
    orphans.at(nowMillis, policy.coordinatorMillis());
    long free = 0;
    for (int i = 0; i < leased.words(); i++) {
      free += Long.bitCount(busy.free(i));
    }
    // The last word has bits of no chunk; they are never leased, so they do not grow.
    free -= 64L * leased.words() - blobs.places();
    long fair = free * blobs.chunkSize() / (2L * crew.most(hubNodes));
    long work = ask.bytesPerSecond() > 0 ? SECONDS * ask.bytesPerSecond() : FIRST;
    long budget = Math.min(Math.min(work, fair), Math.max(LONGEST, 4L * blobs.chunkSize()));
    for (int place : free(ask, busy, budget)) {
      int blob = blobs.blobAt(place);
      ChunkRuns.append(grant, blob, place - blobs.place(blob));
    }
  }

  /**
   * Free chunks of wanted blobs for this many bytes, but one at least; in their order. What the
   * node needs first is taken before all else.
   */
  private int[] free(SwarmMessage.AskLease ask, Busy busy, long budget) {
    IntStream.Builder places = IntStream.builder();
    long spent = ask.first().isEmpty() ? 0 : free(ask, busy, true, 0, budget, places);
    free(ask, busy, false, spent, budget, places);
    return places.build().sorted().toArray();
  }

  /** Adds those that the node needs first, or the others; the bytes spent in all. */
  private long free(
      SwarmMessage.AskLease ask,
      Busy busy,
      boolean first,
      long before,
      long budget,
      IntStream.Builder places) {
    long spent = before;
    int place = next(fromTheEnd ? blobs.places() - 1 : 0, busy);
    while (place >= 0) {
      int blob = blobs.blobAt(place);
      boolean wanted = ask.wanted().get(blob);
      if (wanted && ask.first().get(place) == first) {
        long cost = blobs.cost(blob, place);
        if (spent > 0 && spent + cost > budget) {
          break;
        }
        spent += cost;
        places.add(place);
      }
      int beside = fromTheEnd ? blobs.place(blob) - 1 : blobs.place(blob + 1);
      int after = fromTheEnd ? place - 1 : place + 1;
      place = next(wanted ? after : beside, busy);
    }
    return spent;
  }

  /** The first free place from this one on, in the direction of the leases; -1 for none. */
  private int next(int from, Busy busy) {
    return fromTheEnd ? lastFree(from, busy) : nextFree(from, busy);
  }

  private int nextFree(int from, Busy busy) {
    int i = from >> 6;
    if (from >= blobs.places()) {
      return -1;
    }
    long word = busy.free(i) & (-1L << from);
    while (word == 0) {
      if (++i == leased.words()) {
        return -1;
      }
      word = busy.free(i);
    }
    int place = (i << 6) + Long.numberOfTrailingZeros(word);
    return place < blobs.places() ? place : -1;
  }

  /** The last free place up to this one; -1 when there is none. */
  private int lastFree(int from, Busy busy) {
    if (from < 0) {
      return -1;
    }
    int i = from >> 6;
    long word = busy.free(i) & (-1L >>> (63 - (from & 63)));
    while (word == 0) {
      if (--i < 0) {
        return -1;
      }
      word = busy.free(i);
    }
    return (i << 6) + 63 - Long.numberOfLeadingZeros(word);
  }

  private void taken(NodeId from, List<ChunkRun> runs, List<ChunkRun> grant) {
    Holding holding = leases.get(from);
    if (holding != null) {
      Takeover.cut(holding, runs);
      if (holding.runs.isEmpty()) {
        leases.remove(from);
      }
      runs.forEach(r -> leasedTo(holding).clear(first(r), end(r)));
    }
    grant.addAll(runs);
  }

  /**
   * A node told that it holds more: what it fetched is no longer leased, and its time begins anew.
   */
  public void progressed(NodeId node, long nowMillis) {
    Holding holding = leases.get(node);
    if (holding == null) {
      return;
    }
    int left = left(node, holding);
    if (left < holding.left) {
      holding.left = left;
      holding.progressed = nowMillis;
      if (holding.over) {
        anew(node, holding);
      }
    }
  }

  /** It goes on after all: what nobody got meanwhile is leased to it again. */
  private void anew(NodeId node, Holding holding) {
    List<ChunkRun> told = holding.runs;
    holding.over = false;
    holding.runs = new ArrayList<>();
    holding.left = 0;
    List<ChunkRun> kept = new ArrayList<>();
    sort(node, told, holding, kept, new ArrayList<>());
    add(holding, kept);
  }

  private int left(NodeId node, Holding holding) {
    int slot = maps.slot(node);
    int left = 0;
    for (ChunkRun run : holding.runs) {
      int end = blobs.place(run.blob(), run.end());
      for (int place = blobs.place(run.blob(), run.first()); place < end; place++) {
        left += slot >= 0 && maps.holds(slot, place) ? 0 : 1;
      }
    }
    return left;
  }

  private void expire(long nowMillis) {
    leases.forEach(
        (node, holding) -> {
          if (isLate(holding, nowMillis)) {
            progressed(node, nowMillis);
          }
          if (isLate(holding, nowMillis)) {
            holding.over = true;
            clear(holding);
          }
        });
  }

  private boolean isLate(Holding holding, long nowMillis) {
    return !holding.over && nowMillis - holding.progressed > holding.patience(blobs.chunkSize());
  }

  /** Only these nodes are left: the leases of others are free. */
  public void retain(Collection<NodeId> members) {
    Set<NodeId> kept = new HashSet<>(members);
    crew.retain(kept);
    takeover.retain(kept);
    leases
        .entrySet()
        .removeIf(
            e -> {
              boolean gone = !kept.contains(e.getKey());
              if (gone && !e.getValue().over) {
                clear(e.getValue());
              }
              return gone;
            });
  }

  /** This node gets nothing any more, and what it has leases for is free. */
  public void forget(NodeId node) {
    Holding holding = leases.remove(node);
    if (holding != null && !holding.over) {
      clear(holding);
    }
    crew.leaves(node);
    takeover.forget(node);
  }
}
