package dev.exodl.plan;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Nearness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that serve chunks: who may be asked now, how near they are, how they did. Kept as masks
 * over the slots of the have-maps, so that the sources of a chunk are a few bits of one word.
 */
final class Peers {
  /** Streams from one peer at once, where there are few peers; more only queue there. */
  private static final int PER_PEER = 2;

  /** Of more peers one each: those of all nodes share that peer's line. */
  private static final int FEW = 2;

  /** Adjacent chunks are asked for together up to this many bytes. */
  private static final long RUN = 4L << 20;

  private static final long LONGEST_RUN = 64L << 20;
  private static final double LONG_RUN_SECONDS = 0.25;

  /** The weight of the last run in what is known of a peer's rate. */
  private static final double LATEST = 0.3;

  /** So much faster a peer is preferred to one with fewer streams. */
  private static final double MUCH_FASTER = 1.5;

  /** So many peers are compared. */
  private static final int TRIED = 4;

  /** Who crawls is left alone for so long, and then for longer, so many times. */
  private static final long CRAWLS_MILLIS = 30_000;

  private static final int CRAWLS_MOST = 4;

  private final HaveMaps maps;
  private final RandomGenerator random;
  private final Map<NodeId, Peer> peers = new HashMap<>();
  private final List<Peer> avoided = new ArrayList<>();
  private static final int STEPS = Nearness.FAR.steps() + 1;

  /** For each step of nearness who is so near. */
  private final long[][] near = new long[STEPS][];

  private @Nullable Peer[] bySlot = new Peer[0];
  private long[] usable = new long[0];
  private long[] there = new long[0];

  /** Who has all that it wants. */
  private long[] done = new long[0];

  private boolean anyDone;
  private boolean hubGives = true;
  private boolean sparing;
  private int version = -1;

  /** A peer as it is known here. */
  static final class Peer {
    final NodeId node;
    Nearness nearness;
    int slot = -1;
    int open;
    int troubles;
    long avoidUntilMillis;
    int crawls;
    long crawlsUntilMillis;
    boolean avoided;
    boolean shunned;

    /** Bytes a second of one stream from it; 0 when it is not known yet. */
    double rate;

    private Peer(NodeId node, Nearness nearness) {
      this.node = node;
      this.nearness = nearness;
    }

    private boolean there() {
      return !shunned && !avoided;
    }
  }

  Peers(HaveMaps maps, RandomGenerator random) {
    this.maps = maps;
    this.random = random;
  }

  /** What follows from who the peers are is to be found anew. */
  void changed() {
    version = -1;
  }

  void put(NodeId node, Nearness nearness) {
    peers.computeIfAbsent(node, n -> new Peer(n, nearness)).nearness = nearness;
    version = -1;
  }

  void gone(NodeId node) {
    Peer peer = peers.remove(node);
    avoided.remove(peer);
    version = -1;
  }

  void shun(NodeId node, boolean does) {
    peers.computeIfAbsent(node, n -> new Peer(n, Nearness.FAR)).shunned = does;
    version = -1;
  }

  void trouble(NodeId node, long nowMillis) {
    Peer peer = peers.get(node);
    if (peer != null) {
      peer.troubles = Math.min(6, peer.troubles + 1);
      peer.avoidUntilMillis = nowMillis + (100L << peer.troubles);
      avoid(peer);
    }
  }

  /** It gives next to nothing; each time it is left alone for twice as long. */
  void crawls(NodeId node, long nowMillis) {
    Peer peer = peers.get(node);
    if (peer != null && nowMillis - peer.crawlsUntilMillis >= 0) {
      peer.crawlsUntilMillis = nowMillis + (CRAWLS_MILLIS << peer.crawls);
      peer.crawls = Math.min(CRAWLS_MOST, peer.crawls + 1);
      avoid(peer);
    }
  }

  private void avoid(Peer peer) {
    if (!peer.avoided) {
      avoided.add(peer);
      peer.avoided = true;
    }
    mark(peer);
  }

  /** Without the hub who gives little is asked too. */
  void hubGives(boolean does) {
    hubGives = does;
  }

  void fine(NodeId node) {
    Peer peer = peers.get(node);
    if (peer != null) {
      peer.troubles = 0;
    }
  }

  /**
   * Bytes of a request to this peer: at most a second's, so that nothing waits for long. While its
   * rate is not known, it is the less the more nodes may ask it at the same time. Where there is
   * nobody else to share with, a request is for longer, as each costs both sides.
   */
  long runBytes(Peer peer) {
    if (peer.rate == 0) {
      return RUN * FEW / Math.max(FEW, peers.size());
    }
    long shorter = Math.min(RUN, (long) peer.rate);
    return peers.size() > FEW
        ? shorter
        : Math.clamp((long) (peer.rate * LONG_RUN_SECONDS), shorter, LONGEST_RUN);
  }

  @Nullable Peer get(NodeId node) {
    return peers.get(node);
  }

  Peer at(int slot) {
    Peer peer = bySlot[slot];
    if (peer == null) {
      throw new IllegalStateException("no peer in slot " + slot);
    }
    return peer;
  }

  Iterable<Peer> all() {
    return peers.values();
  }

  void opened(Peer peer) {
    peer.open++;
    mark(peer);
  }

  /** A stream from this peer ended, that brought some bytes. */
  void closed(Peer peer, long bytes, long millis) {
    peer.open--;
    if (bytes > 0) {
      double rate = bytes * 1000.0 / Math.max(1, millis);
      peer.rate = peer.rate > 0 ? peer.rate + LATEST * (rate - peer.rate) : rate;
    }
    mark(peer);
  }

  /** A stream from this peer goes on slower than it did before. */
  void slow(NodeId node, double rate) {
    Peer peer = peers.get(node);
    if (peer != null) {
      peer.rate = peer.rate > 0 ? Math.min(peer.rate, rate) : rate;
    }
  }

  /** The best known rate of those that can be asked for this chunk now, but for one; or 0. */
  double bestRate(int place, @Nullable NodeId except) {
    double best = 0;
    for (int word = 0; word < usable.length; word++) {
      for (long left = maps.row(place, word) & usable[word]; left != 0; left &= left - 1) {
        Peer peer = at(64 * word + Long.numberOfTrailingZeros(left));
        best = peer.node.equals(except) ? best : Math.max(best, peer.rate);
      }
    }
    return best;
  }

  /** Brings the masks up to date. Whether who is there is another set than before. */
  boolean refresh(long nowMillis) {
    if (!avoided.isEmpty()) {
      avoided.removeIf(p -> isOver(p, nowMillis));
    }
    if (version == maps.version()) {
      return false;
    }
    version = maps.version();
    int words = maps.stride();
    usable = new long[words];
    there = new long[words];
    done = new long[words];
    anyDone = false;
    bySlot = new Peer[64 * words];
    for (int steps = 0; steps < STEPS; steps++) {
      near[steps] = new long[words];
    }
    for (Peer peer : peers.values()) {
      peer.slot = maps.slot(peer.node);
      if (peer.slot >= 0) {
        bySlot[peer.slot] = peer;
        if (maps.done(peer.node)) {
          done[peer.slot >> 6] |= 1L << peer.slot;
          anyDone = true;
        }
        near[peer.nearness.steps()][peer.slot >> 6] |= 1L << peer.slot;
        mark(peer);
      }
    }
    return true;
  }

  private boolean isOver(Peer peer, long nowMillis) {
    if (nowMillis - peer.avoidUntilMillis < 0
        || (hubGives && nowMillis - peer.crawlsUntilMillis < 0)) {
      return false;
    }
    peer.avoided = false;
    mark(peer);
    return true;
  }

  private void mark(Peer peer) {
    if (peer.slot < 0 || peer.slot >= bySlot.length || bySlot[peer.slot] != peer) {
      return;
    }
    int word = peer.slot >> 6;
    long bit = 1L << peer.slot;
    there[word] = peer.there() ? there[word] | bit : there[word] & ~bit;
    boolean may = peer.there() && peer.open < (peers.size() > FEW ? 1 : PER_PEER);
    usable[word] = may ? usable[word] | bit : usable[word] & ~bit;
  }

  boolean anyUsable() {
    for (long word : usable) {
      if (word != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a node that may be asked, soon if not now, holds this chunk and is as near as that. */
  boolean heldWithin(int place, Nearness farthest) {
    return match(place, there, farthest);
  }

  /** Whether somebody as near as that can be asked for this chunk now. */
  boolean usableWithin(int place, Nearness farthest) {
    if (!sparing || !anyDone) {
      return match(place, usable, farthest);
    }
    for (int steps = 0; steps <= farthest.steps(); steps++) {
      boolean spares = spares(place, steps);
      for (int word = 0; word < usable.length; word++) {
        long holders = maps.row(place, word) & usable[word] & near[steps][word];
        if ((spares ? holders & ~done[word] : holders) != 0) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Who has all is needed for what nobody else has, as long as there is such: for the rest others
   * as near are asked, even if they are busy now.
   */
  void spare(boolean whoHaveAll) {
    sparing = whoHaveAll;
  }

  /** Whether of those so near only who has not all may be asked for this chunk. */
  private boolean spares(int place, int steps) {
    for (int word = 0; sparing && anyDone && word < done.length; word++) {
      if ((maps.row(place, word) & there[word] & near[steps][word] & ~done[word]) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether somebody who has all, and so holds this chunk, is there. */
  boolean hasOneWithAll(int place) {
    return anyDone && match(place, done, Nearness.FAR);
  }

  /** Those so near who may be asked for this chunk. */
  private long[] mask(int place, int steps) {
    if (!spares(place, steps)) {
      return near[steps];
    }
    long[] mask = near[steps].clone();
    for (int word = 0; word < mask.length; word++) {
      mask[word] &= ~done[word];
    }
    return mask;
  }

  private int count(int place, long[] mask) {
    int count = 0;
    for (int word = 0; word < usable.length; word++) {
      count += Long.bitCount(maps.row(place, word) & usable[word] & mask[word]);
    }
    return count;
  }

  private boolean match(int place, long[] those, Nearness farthest) {
    for (int word = 0; word < those.length; word++) {
      long holders = maps.row(place, word) & those[word];
      if (holders != 0 && (farthest == Nearness.FAR || (holders & within(word, farthest)) != 0)) {
        return true;
      }
    }
    return false;
  }

  private long within(int word, Nearness farthest) {
    long within = 0;
    for (int steps = 0; steps <= farthest.steps(); steps++) {
      within |= near[steps][word];
    }
    return within;
  }

  /**
   * Whom to ask for this chunk: of the nearest, the best of some taken at random. So a fast node is
   * asked more often than a slow or a busy one, and nobody is asked by all at once.
   */
  @Nullable Peer source(int place, Nearness farthest) {
    for (int steps = 0; steps <= farthest.steps(); steps++) {
      long[] mask = mask(place, steps);
      int count = count(place, mask);
      if (count > 0) {
        int first = random.nextInt(count);
        Peer best = pick(place, mask, first);
        for (int i = 1; i < Math.min(TRIED, count); i++) {
          int next = count <= TRIED ? (first + i) % count : random.nextInt(count);
          best = better(best, pick(place, mask, next));
        }
        return best;
      }
    }
    return null;
  }

  private Peer pick(int place, long[] mask, int number) {
    int left = number;
    for (int word = 0; ; word++) {
      long holders = maps.row(place, word) & usable[word] & mask[word];
      int count = Long.bitCount(holders);
      if (left < count) {
        for (; left > 0; left--) {
          holders &= holders - 1;
        }
        return at(64 * word + Long.numberOfTrailingZeros(holders));
      }
      left -= count;
    }
  }

  private static Peer better(Peer one, Peer other) {
    if (one.rate > 0 && other.rate > 0) {
      if (one.rate > MUCH_FASTER * other.rate || other.rate > MUCH_FASTER * one.rate) {
        return one.rate > other.rate ? one : other;
      }
    }
    if (one.open != other.open) {
      return one.open < other.open ? one : other;
    }
    return one.rate == 0 || (other.rate > 0 && one.rate >= other.rate) ? one : other;
  }
}
