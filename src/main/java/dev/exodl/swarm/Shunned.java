package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Nodes that nothing is taken from any more: those this node saw lying, and those of whom two
 * others say so. Thread-safe.
 */
final class Shunned {
  private static final int VOICES = 2;

  private final Set<NodeId> nodes = new HashSet<>();
  private final Map<NodeId, Set<NodeId>> reports = new HashMap<>();

  synchronized boolean is(NodeId node) {
    return nodes.contains(node);
  }

  /** Whether that is new. */
  synchronized boolean seen(NodeId node) {
    return nodes.add(node);
  }

  /** Whether it is shunned from now on. */
  synchronized boolean reported(NodeId node, NodeId by) {
    Set<NodeId> voices = reports.computeIfAbsent(node, n -> new HashSet<>());
    voices.add(by);
    // Liars must not decide whom the others believe, whenever they spoke.
    long honest = voices.stream().filter(voice -> !nodes.contains(voice)).count();
    return honest >= VOICES && nodes.add(node);
  }
}
