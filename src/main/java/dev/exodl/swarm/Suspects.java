package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who is left out while what it sent of a file is fetched anew from other peers. When the file is
 * wrong again it was another one: it is asked again, as it may be the only one that is right, and
 * is not suspected twice, or it would not end. Not safe for several threads.
 */
final class Suspects {
  private final Map<Integer, NodeId> now = new HashMap<>();
  private final Map<Integer, Set<NodeId>> had = new HashMap<>();
  private final LeaveOut leaveOut;

  /** Whether nothing is taken from a peer. */
  interface LeaveOut {
    void from(NodeId peer, boolean does);
  }

  /** Nobody is suspected. */
  Suspects(LeaveOut leaveOut) {
    this.leaveOut = leaveOut;
  }

  /** Whether it is or was suspected of this file. */
  boolean had(int file, NodeId peer) {
    return had.getOrDefault(file, Set.of()).contains(peer);
  }

  /** It is the one from now on. */
  void next(int file, NodeId peer) {
    release(file);
    now.put(file, peer);
    had.computeIfAbsent(file, f -> new HashSet<>()).add(peer);
    leaveOut.from(peer, true);
  }

  /** Nobody is any more: the file is right, or it is no use to ask who sent what. */
  void over(int file) {
    release(file);
    had.remove(file);
  }

  boolean isEmpty() {
    return now.isEmpty();
  }

  private void release(int file) {
    NodeId before = now.remove(file);
    if (before != null && !now.containsValue(before)) {
      leaveOut.from(before, false);
    }
  }
}
