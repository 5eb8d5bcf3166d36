package dev.exodl.plan.swarm;

import dev.exodl.model.ChunkGrid;
import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which node of a swarm holds which chunks, and the chunks' checksums as they were first told. Not
 * safe for several threads.
 */
public final class HaveMaps {
  private final SwarmBlobs blobs;
  private final Map<NodeId, List<BitSet>> nodes = new HashMap<>();
  private final Set<NodeId> done = new java.util.HashSet<>();
  private final List<Map<Integer, Integer>> crcs = new ArrayList<>();
  private final int[][] holders;

  /** Nobody holds anything. */
  public HaveMaps(SwarmBlobs blobs) {
    this.blobs = blobs;
    this.holders = new int[blobs.count()][];
    for (int i = 0; i < blobs.count(); i++) {
      holders[i] = new int[blobs.grid(i).count()];
      crcs.add(new HashMap<>());
    }
  }

  /** Takes what a node says; what cannot be is left out. */
  public void told(NodeId node, SwarmMessage.Have have) {
    if (have.all()) {
      gone(node);
    }
    List<BitSet> maps = nodes.computeIfAbsent(node, n -> empty());
    for (SwarmMessage.HeldChunks held : have.held()) {
      if (held.blob() < 0 || held.blob() >= blobs.count()) {
        continue;
      }
      put(maps.get(held.blob()), held);
    }
    if (have.done()) {
      done.add(node);
    } else {
      done.remove(node);
    }
  }

  private void put(BitSet map, SwarmMessage.HeldChunks held) {
    ChunkGrid grid = blobs.grid(held.blob());
    int place = 0;
    boolean sums = held.crcs().size() == held.held().cardinality();
    for (int c = held.held().nextSetBit(0);
        c >= 0 && c < grid.count();
        c = held.held().nextSetBit(c + 1), place++) {
      if (!map.get(c)) {
        map.set(c);
        holders[held.blob()][c]++;
      }
      if (sums) {
        crcs.get(held.blob()).putIfAbsent(c, held.crcs().get(place));
      }
    }
  }

  /** A node left, or says anew what it holds. */
  public void gone(NodeId node) {
    List<BitSet> maps = nodes.remove(node);
    done.remove(node);
    if (maps == null) {
      return;
    }
    for (int blob = 0; blob < maps.size(); blob++) {
      int[] counts = holders[blob];
      maps.get(blob).stream().forEach(c -> counts[c]--);
    }
  }

  private List<BitSet> empty() {
    List<BitSet> maps = new ArrayList<>();
    for (int i = 0; i < blobs.count(); i++) {
      maps.add(new BitSet());
    }
    return maps;
  }

  public boolean holds(NodeId node, int blob, int chunk) {
    List<BitSet> maps = nodes.get(node);
    return maps != null && maps.get(blob).get(chunk);
  }

  /** How many nodes hold this chunk. */
  public int holders(int blob, int chunk) {
    return holders[blob][chunk];
  }

  /** The checksum of a chunk, if somebody told it. */
  public OptionalInt crc(int blob, int chunk) {
    Integer crc = crcs.get(blob).get(chunk);
    return crc == null ? OptionalInt.empty() : OptionalInt.of(crc);
  }

  /** What was told of this chunk's checksum is not to be believed. */
  public void forgetCrc(int blob, int chunk) {
    crcs.get(blob).remove(chunk);
  }

  /** Nodes that said something about this swarm. */
  public Set<NodeId> nodes() {
    return Set.copyOf(nodes.keySet());
  }

  /** Whether this node holds all that it wants. */
  public boolean done(NodeId node) {
    return done.contains(node);
  }

  /** Keeps only these nodes. */
  public void retain(Collection<NodeId> members) {
    nodes().stream().filter(n -> !members.contains(n)).forEach(this::gone);
  }
}
