package dev.exodl.plan;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.NodeHash;
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

  /** For each slot of the have-maps the hash of a node that wants chunks; 0 for the others. */
  private long[] hashes = new long[0];

  /** How many they are. */
  private int wanting;

  /** When a chunk was first not taken from farther away; 0 when it was not. */
  private int[] since = new int[0];

  Together(HaveMaps maps, long waitMillis) {
    this.maps = maps;
    this.waitMillis = waitMillis;
  }

  /** Who this node is. Until it is told, this node takes chunks from anywhere. */
  void self(NodeId self) {
    mine = NodeHash.of(self);
  }

  /** Of the zone only these have neighbours in other zones; all, if there are none. */
  void bridges(Set<NodeId> nodes) {
    bridges = Set.copyOf(nodes);
  }

  /** The peers, or what they want, changed. */
  void regroup(Peers peers) {
    host = new long[0];
    zone = new long[0];
    hashes = new long[64 * maps.stride()];
    wanting = 0;
    boolean far = false;
    boolean farther = false;
    for (Peers.Peer peer : peers.all()) {
      far |= peer.nearness == Nearness.FAR;
      farther |= peer.nearness != Nearness.HOST;
      if (peer.slot >= 0 && !peer.shunned && !maps.done(peer.node)) {
        long hash = NodeHash.of(peer.node);
        hashes[peer.slot] = hash;
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
    long[] larger = java.util.Arrays.copyOf(group, group.length + 1);
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
    int before = 0;
    for (int word = 0; 64 * word < hashes.length; word++) {
      long others = ~maps.row(place, word);
      for (int slot = 64 * word; others != 0 && slot < 64 * word + 64; slot++, others >>>= 1) {
        if ((others & 1) != 0 && hashes[slot] != 0 && NodeHash.salted(hashes[slot], place) < own) {
          before++;
        }
      }
    }
    return before;
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
