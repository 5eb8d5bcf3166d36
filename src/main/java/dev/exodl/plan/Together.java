package dev.exodl.plan;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.ChunkBits;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.NodeHash;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Nodes of one host, or of one zone, take a chunk from farther away once: the one whose hash with
 * the chunk is smallest takes it and the others take it from there. All come to the same one
 * without a message; if it does not do it in some seconds, anybody does.
 */
final class Together {
  /** Who is near and has it, but is busy, is waited for so many times as long. */
  private static final int BUSY = 4;

  /** Whose hash lets so many be expected before it that it is not the first one. */
  private static final int SURELY = 6;

  private final HaveMaps maps;
  private final long waitMillis;
  private long mine;
  private long[] host = new long[0];
  private long[] zone = new long[0];
  private Set<NodeId> bridges = Set.of();
  private boolean alone = true;

  /** For each slot of the have-maps the hash of its node; 0 where there is none. */
  private long[] hashes = new long[0];

  /** Slots of nodes that want chunks. */
  private long[] wants = new long[0];

  /** How many they are. */
  private int wanting;

  /**
   * A row for each chunk, as in the have-maps: the slots whose hash with it is smaller than this
   * node's. Found when it is needed first, which is known of those in {@code ordered}.
   */
  private long[] earlier = new long[0];

  private ChunkBits ordered = new ChunkBits(0);

  /** When a chunk was first not taken from farther away; 0 when it was not. */
  private int[] since = new int[0];

  Together(HaveMaps maps, long waitMillis) {
    this.maps = maps;
    this.waitMillis = waitMillis;
  }

  /** Who this node is. Until it is told, this node takes chunks from anywhere. */
  void self(NodeId self) {
    mine = NodeHash.of(self);
    ordered.clear();
  }

  /** Of the zone only these have neighbours in other zones; all, if there are none. */
  void bridges(Set<NodeId> nodes) {
    bridges = Set.copyOf(nodes);
  }

  /** The peers, or what they want, changed. */
  void regroup(Peers peers) {
    host = new long[0];
    zone = new long[0];
    long[] before = hashes;
    hashes = new long[64 * maps.stride()];
    wants = new long[maps.stride()];
    wanting = 0;
    boolean far = false;
    boolean farther = false;
    for (Peers.Peer peer : peers.all()) {
      far |= peer.nearness == Nearness.FAR;
      farther |= peer.nearness != Nearness.HOST;
      if (peer.slot < 0) {
        continue;
      }
      long hash = NodeHash.of(peer.node);
      hashes[peer.slot] = hash;
      if (!peer.shunned && !maps.done(peer.node)) {
        wants[peer.slot >> 6] |= 1L << peer.slot;
        wanting++;
        if (peer.nearness == Nearness.HOST) {
          host = with(host, hash);
        }
        if (peer.nearness != Nearness.FAR && (bridges.isEmpty() || bridges.contains(peer.node))) {
          zone = with(zone, hash);
        }
      }
    }
    zone = far ? zone : new long[0];
    host = farther ? host : new long[0];
    alone = mine == 0 || (!far && !hasHost(peers));
    if (!Arrays.equals(before, hashes)) {
      ordered.clear();
    }
  }

  private static boolean hasHost(Peers peers) {
    for (Peers.Peer peer : peers.all()) {
      if (peer.nearness == Nearness.HOST) {
        return true;
      }
    }
    return false;
  }

  private static long[] with(long[] group, long hash) {
    long[] larger = Arrays.copyOf(group, group.length + 1);
    larger[group.length] = hash;
    return larger;
  }

  /** Whether nobody is on this host and nobody in another zone, so that there are no rules. */
  boolean alone() {
    return alone;
  }

  /**
   * From how far this chunk, that peers hold, may be taken now; null when not at all. Who could not
   * get it from near in some seconds may from anywhere.
   */
  @Nullable Nearness farthest(Peers peers, int place, long nowMillis) {
    if (alone) {
      return Nearness.FAR;
    }
    if (peers.heldWithin(place, Nearness.HOST)) {
      return waited(place, BUSY * waitMillis, nowMillis) ? Nearness.FAR : Nearness.HOST;
    }
    if (!isMine(host, place) && !waited(place, waitMillis, nowMillis)) {
      return null;
    }
    if (peers.heldWithin(place, Nearness.ZONE)) {
      return waited(place, BUSY * waitMillis, nowMillis) ? Nearness.FAR : Nearness.ZONE;
    }
    return isMine(zone, place) || waited(place, waitMillis, nowMillis) ? Nearness.FAR : null;
  }

  /**
   * Takers a holder of this chunk has before it is this node's turn: those that want it and whose
   * hash with it is smaller, for each of its holders. So of many chunks that are as rare each is
   * taken by one node first. Where that is surely not this one it is about so many.
   */
  double turn(int place, int holders) {
    long own = NodeHash.salted(mine, place);
    double expected = (own * 0x1p-64 + 0.5) * (wanting - holders);
    int before = expected < SURELY * holders ? before(place, own) : (int) expected;
    return (double) before / Math.max(1, holders);
  }

  private int before(int place, long own) {
    int stride = wants.length;
    if (ordered.size() == 0) {
      ordered = new ChunkBits(maps.places());
    }
    if (!ordered.get(place)) {
      order(place, own, stride);
    }
    int before = 0;
    for (int word = 0; word < stride; word++) {
      long others = ~maps.row(place, word) & wants[word];
      before += Long.bitCount(others & earlier[place * stride + word]);
    }
    return before;
  }

  private void order(int place, long own, int stride) {
    if (earlier.length != maps.places() * stride) {
      earlier = new long[maps.places() * stride];
    }
    for (int word = 0; word < stride; word++) {
      long smaller = 0;
      for (int slot = 0; slot < 64; slot++) {
        long hash = hashes[64 * word + slot];
        if (hash != 0 && NodeHash.salted(hash, place) < own) {
          smaller |= 1L << slot;
        }
      }
      earlier[place * stride + word] = smaller;
    }
    ordered.set(place);
  }

  private boolean isMine(long[] group, int place) {
    long own = NodeHash.salted(mine, place);
    for (long other : group) {
      if (NodeHash.salted(other, place) < own) {
        return false;
      }
    }
    return true;
  }

  private boolean waited(int place, long millis, long nowMillis) {
    return waitedMillis(place, nowMillis) >= millis;
  }

  /** How long ago this chunk was first asked about. */
  int waitedMillis(int place, long nowMillis) {
    if (since.length == 0) {
      since = new int[maps.places()];
    }
    // Differences of ints are right for 24 days.
    int now = (int) nowMillis | 1;
    if (since[place] == 0) {
      since[place] = now;
    }
    return now - since[place];
  }
}
