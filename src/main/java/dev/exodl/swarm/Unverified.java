package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Of which blobs peers were asked for something before they said that they have all, verified. What
 * is wrong of it they may have been given themselves, and pass on in good faith. Not safe for
 * several threads.
 */
final class Unverified {
  private final Map<NodeId, BitSet> blobs = new HashMap<>();

  void asked(NodeId peer, int blob) {
    blobs.computeIfAbsent(peer, n -> new BitSet()).set(blob);
  }

  boolean has(NodeId peer, int blob) {
    BitSet some = blobs.get(peer);
    return some != null && some.get(blob);
  }
}
