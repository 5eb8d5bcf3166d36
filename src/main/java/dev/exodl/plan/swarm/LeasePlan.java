package dev.exodl.plan.swarm;

import dev.exodl.model.ChunkGrid;
import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The coordinator's part in a swarm: who fetches what from the hub. No chunk that a live node holds
 * or has a lease for is leased again. Not safe for several threads; time passed in.
 */
public final class LeasePlan {
  /** A lease is work for about this long, so that a fast node gets more. */
  private static final double SECONDS = 2;

  private static final long LONGEST = 64L << 20;

  /** A lease without a new chunk for this long is over. */
  public static final int LEASE_MILLIS = 20_000;

  private final SwarmBlobs blobs;
  private final HaveMaps maps;
  private final Map<NodeId, Holding> leases = new HashMap<>();

  private static final class Holding {
    List<ChunkRun> runs = new ArrayList<>();
    long until;
    int chunks;
  }

  /** Nothing is leased. */
  public LeasePlan(SwarmBlobs blobs, HaveMaps maps) {
    this.blobs = blobs;
    this.maps = maps;
  }

  /**
   * The answer to a request.
   *
   * @param grant chunks that this node is to fetch
   * @param revoke chunks that it thinks it holds a lease for, but somebody else fetches them
   */
  public record Answer(List<ChunkRun> grant, List<ChunkRun> revoke) {}

  /** Answers a request at {@code nowMillis} of any clock that only goes forward. */
  public Answer asked(NodeId node, SwarmMessage.AskLease ask, int hubNodes, long nowMillis) {
    expire(nowMillis);
    leases.remove(node);
    List<BitSet> others = leased();
    List<ChunkRun> revoke = new ArrayList<>();
    Holding holding = new Holding();
    for (ChunkRun run : ask.holding()) {
      if (!fits(run)) {
        continue;
      }
      if (others.get(run.blob()).get(run.first(), run.end()).isEmpty()) {
        holding.runs.add(run);
      } else {
        revoke.add(run);
      }
    }
    List<ChunkRun> grant =
        ask.more() ? grant(ask, others, holding.runs, hubNodes) : List.<ChunkRun>of();
    holding.runs.addAll(grant);
    holding.chunks = holding.runs.stream().mapToInt(ChunkRun::chunks).sum();
    holding.until = nowMillis + LEASE_MILLIS;
    if (!holding.runs.isEmpty()) {
      leases.put(node, holding);
    }
    return new Answer(grant, revoke);
  }

  private boolean fits(ChunkRun run) {
    return run.blob() < blobs.count() && run.end() <= blobs.grid(run.blob()).count();
  }

  private List<BitSet> leased() {
    List<BitSet> all = new ArrayList<>();
    for (int i = 0; i < blobs.count(); i++) {
      all.add(new BitSet());
    }
    for (Holding holding : leases.values()) {
      holding.runs.forEach(r -> all.get(r.blob()).set(r.first(), r.end()));
    }
    return all;
  }

  /** Chunks in the order of the blobs, so that files become whole one after the other. */
  private List<ChunkRun> grant(
      SwarmMessage.AskLease ask, List<BitSet> others, List<ChunkRun> own, int hubNodes) {
    List<BitSet> busy = others;
    own.forEach(r -> busy.get(r.blob()).set(r.first(), r.end()));
    long free = 0;
    for (int blob = 0; blob < blobs.count(); blob++) {
      free += free(busy.get(blob), blob);
    }
    long fair = free * blobs.chunkSize() / Math.max(1, 2L * hubNodes);
    long wanted = Math.min(LONGEST, (long) (ask.bytesPerSecond() * SECONDS));
    long left = Math.max(1, Math.min(wanted, fair) / blobs.chunkSize());
    List<ChunkRun> grant = new ArrayList<>();
    for (int blob = ask.wanted().nextSetBit(0);
        blob >= 0 && blob < blobs.count() && left > 0;
        blob = ask.wanted().nextSetBit(blob + 1)) {
      left -= grant(blob, busy.get(blob), left, grant);
    }
    return grant;
  }

  private long grant(int blob, BitSet busy, long most, List<ChunkRun> into) {
    int count = blobs.grid(blob).count();
    long granted = 0;
    int first = next(blob, busy, 0, count);
    while (first < count && granted < most) {
      int end = first;
      while (end < count && granted < most && isFree(blob, busy, end)) {
        end++;
        granted++;
      }
      into.add(new ChunkRun(blob, first, end));
      first = next(blob, busy, end, count);
    }
    return granted;
  }

  private int next(int blob, BitSet busy, int from, int count) {
    int chunk = from;
    while (chunk < count && !isFree(blob, busy, chunk)) {
      chunk++;
    }
    return chunk;
  }

  private boolean isFree(int blob, BitSet busy, int chunk) {
    return !busy.get(chunk) && maps.holders(blob, chunk) == 0;
  }

  private long free(BitSet busy, int blob) {
    ChunkGrid grid = blobs.grid(blob);
    long free = 0;
    for (int chunk = 0; chunk < grid.count(); chunk++) {
      free += isFree(blob, busy, chunk) ? 1 : 0;
    }
    return free;
  }

  /**
   * A node told that it holds more: what it fetched is no longer leased, and its time begins anew.
   */
  public void progressed(NodeId node, long nowMillis) {
    Holding holding = leases.get(node);
    if (holding == null) {
      return;
    }
    int left = 0;
    for (ChunkRun run : holding.runs) {
      for (int c = run.first(); c < run.end(); c++) {
        left += maps.holds(node, run.blob(), c) ? 0 : 1;
      }
    }
    if (left < holding.chunks) {
      holding.chunks = left;
      holding.until = nowMillis + LEASE_MILLIS;
    }
  }

  private void expire(long nowMillis) {
    leases.values().removeIf(h -> nowMillis - h.until > 0);
  }

  /** Only these nodes are left: the leases of others are free. */
  public void retain(Collection<NodeId> members) {
    leases.keySet().retainAll(members);
  }
}
