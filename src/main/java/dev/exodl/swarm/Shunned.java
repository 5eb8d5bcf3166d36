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
  private final Set<NodeId> accusers = new HashSet<>();

  synchronized boolean is(NodeId node) {
    return nodes.contains(node);
  }

  /** Whether that is new. */
  synchronized boolean seen(NodeId node) {
    return nodes.add(node);
  }

  /** Whether it is shunned from now on. The voice of one that is shunned itself counts nothing. */
  synchronized boolean reported(NodeId node, NodeId by) {
    Set<NodeId> voices = reports.computeIfAbsent(node, n -> new HashSet<>());
    voices.add(by);
    voices.removeAll(nodes);
    return voices.size() >= VOICES && nodes.add(node);
  }

  /** Whether this is the first time that {@code by} says so of this node. */
  synchronized boolean accused(NodeId by) {
    return accusers.add(by);
  }
}
