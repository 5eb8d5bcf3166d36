package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The end of a swarm's fetch from the hub: nothing is free, and a node has nothing to do. It gets
 * the tail of the lease that would end last, if that ends it earlier by more than a request costs.
 * Who has it is asked to give it back first, since it may have begun with it just now; it is taken
 * from who hangs, or could not give it back and still got nothing.
 */
final class Takeover {
  /** Less than this is not worth a request. */
  private static final double WORTH_MILLIS = 2_000;

  /**
   * A chunk that was begun is fetched twice only if its node is so many times as slow. On a line
   * that all share a node with one stream has a part of what one with more has, and taking from it
   * only makes the line fuller.
   */
  private static final double MUCH_SLOWER = 10;

  /** So many times as long as its rate lets expect nothing came from it. */
  private static final double STUCK = 3;

  /** Who is asked to give chunks back does so within this time; then they may be taken. */
  static final int ANSWER_MILLIS = 2_000;

  private final SwarmBlobs blobs;
  private final HaveMaps maps;
  private final Map<NodeId, Holding> leases;

  /** By the node that was asked. */
  private final Map<NodeId, Promise> promises = new HashMap<>();

  /** What a node gets as soon as another one gives it back. */
  record Promise(NodeId to, long bytesPerSecond, List<ChunkRun> runs, long atMillis) {}

  /**
   * The end of a node's lease.
   *
   * @param atOnce whether it is taken; else the node is asked to give it back
   */
  record Tail(NodeId from, List<ChunkRun> runs, boolean atOnce) {}

  Takeover(SwarmBlobs blobs, HaveMaps maps, Map<NodeId, Holding> leases) {
    this.blobs = blobs;
    this.maps = maps;
    this.leases = leases;
  }

  /** What this node takes from whom, if anything. */
  @Nullable Tail by(NodeId node, SwarmMessage.AskLease ask, long nowMillis) {
    if (promises.values().stream().anyMatch(p -> p.to.equals(node) && isYoung(p, nowMillis))) {
      return null;
    }
    for (Slow slow : slowestFirst(node, nowMillis)) {
      int chunks = chunks(slow.holding, slow.millis, ask.bytesPerSecond(), nowMillis);
      List<ChunkRun> tail =
          chunks == 0 ? List.of() : tail(slow.node, slow.holding, chunks, ask.wanted());
      if (!tail.isEmpty()) {
        return of(slow.node, slow.holding, tail, node, ask.bytesPerSecond(), nowMillis);
      }
    }
    return null;
  }

  /** A lease, and in how many milliseconds it would end. */
  private record Slow(NodeId node, Holding holding, double millis) {}

  /** The leases that this node may take from; the asker may not want what the slowest one has. */
  private List<Slow> slowestFirst(NodeId node, long nowMillis) {
    List<Slow> slow = new ArrayList<>();
    leases.forEach(
        (of, holding) -> {
          double millis = holding.millisLeft(blobs.chunkSize(), nowMillis);
          boolean alike = holding.encrypts == maps.encrypts(node);
          boolean asked = isYoung(promises.get(of), nowMillis);
          if (alike && !asked && !of.equals(node) && !holding.over && millis > WORTH_MILLIS) {
            slow.add(new Slow(of, holding, millis));
          }
        });
    slow.sort(Comparator.comparingDouble(Slow::millis).reversed());
    return slow;
  }

  private Tail of(
      NodeId slowest,
      Holding holding,
      List<ChunkRun> tail,
      NodeId to,
      long bytesPerSecond,
      long nowMillis) {
    Promise before = promises.remove(slowest);
    boolean asked = before != null && nowMillis - before.atMillis < 3 * ANSWER_MILLIS;
    boolean silent = before != null && holding.toldAt <= before.atMillis;
    boolean atOnce = asked && (silent || ahead(holding) <= 0);
    if (!atOnce) {
      promises.put(slowest, new Promise(to, bytesPerSecond, tail, nowMillis));
    }
    return new Tail(slowest, tail, atOnce);
  }

  private static boolean isYoung(@Nullable Promise promise, long nowMillis) {
    return promise != null && nowMillis - promise.atMillis < ANSWER_MILLIS;
  }

  /** What is to be passed on when this node gives it back. */
  @Nullable Promise promise(NodeId of) {
    return promises.get(of);
  }

  /** It gave it back. */
  void kept(NodeId of) {
    promises.remove(of);
  }

  /** Only these nodes are left. */
  void retain(Collection<NodeId> members) {
    promises
        .entrySet()
        .removeIf(e -> !members.contains(e.getKey()) || !members.contains(e.getValue().to));
  }

  /** Nothing is taken from this node any more, nor passed on to it. */
  void forget(NodeId node) {
    promises.entrySet().removeIf(e -> e.getKey().equals(node) || e.getValue().to.equals(node));
  }

  /** Chunks that a node has probably not begun with. */
  private int ahead(Holding holding) {
    return holding.left - holding.begun(blobs.chunkSize());
  }

  /**
   * Several chunks at a time come late and together: that alone is no reason to fetch one twice.
   */
  private boolean isStuck(Holding holding, long nowMillis) {
    double together =
        holding.bytesPerSecond > 0
            ? Math.max(1.0, holding.begunTold) * blobs.chunkSize() * 1000 / holding.bytesPerSecond
            : 0;
    return nowMillis - holding.progressed > STUCK * together + WORTH_MILLIS;
  }

  /** How many chunks so that both end about together; who is asked does not begin with those. */
  private int chunks(Holding holding, double millis, long bytesPerSecond, long nowMillis) {
    double each = millis / Math.max(1, holding.left);
    // An asker that fetched nothing yet is taken to be as fast as the other was meant to be.
    double rate = bytesPerSecond > 0 ? bytesPerSecond : holding.bytesPerSecond;
    double mine = rate > 0 ? blobs.chunkSize() * 1000.0 / rate : each;
    int ahead = ahead(holding);
    if (ahead <= 0) {
      boolean slower = rate > 0 && millis > MUCH_SLOWER * mine + WORTH_MILLIS;
      return slower && isStuck(holding, nowMillis) ? 1 : 0;
    }
    int chunks = (int) Math.min(ahead, holding.left * each / (each + mine));
    return chunks * each > WORTH_MILLIS ? chunks : 0;
  }

  private List<ChunkRun> tail(NodeId from, Holding holding, int chunks, BitSet wanted) {
    List<ChunkRun> tail = new ArrayList<>();
    int missing = chunks;
    // What its node has begun with are the first ones, wanted by the asker or not.
    int ahead = Math.max(chunks, ahead(holding));
    for (ChunkRun run : holding.runs.reversed()) {
      boolean wants = wanted.get(run.blob());
      int first = run.end();
      while (missing > 0
          && ahead > 0
          && first > run.first()
          && !maps.holds(from, run.blob(), first - 1)) {
        first--;
        ahead--;
        missing -= wants ? 1 : 0;
      }
      if (first < run.end() && wants) {
        tail.addFirst(new ChunkRun(run.blob(), first, run.end()));
      }
    }
    return tail;
  }

  /** Takes these runs, that are ends of the holding's, out of it. */
  static void cut(Holding holding, List<ChunkRun> runs) {
    for (ChunkRun cut : runs) {
      holding.runs.replaceAll(
          r ->
              r.blob() == cut.blob() && r.end() == cut.end() && r.first() < cut.first()
                  ? new ChunkRun(r.blob(), r.first(), cut.first())
                  : r);
      holding.runs.remove(cut);
      holding.left -= cut.chunks();
    }
  }
}
