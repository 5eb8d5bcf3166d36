package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;

/**
 * Hashes that are the same on all nodes, so that they decide alike without asking each other. No
 * secret and no defence: who chooses a node's id chooses its hash.
 */
public final class NodeHash {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private NodeHash() {}

  public static long of(NodeId node) {
    long high = Long.parseUnsignedLong(node.hex(), 0, 16, 16);
    long low = Long.parseUnsignedLong(node.hex(), 16, 32, 16);
    return mix(high + mix(low));
  }

  /** Another hash of the same node, for each salt. */
  public static long salted(long hash, long salt) {
    return mix(hash ^ mix(salt + 1));
  }

  /** The last step of splitmix64: each bit of the result depends on each bit of the number. */
  private static long mix(long number) {
    long z = number + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
