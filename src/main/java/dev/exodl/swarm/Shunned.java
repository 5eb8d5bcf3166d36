package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import java.util.Collection;
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
  private final Map<NodeId, String> seen = new HashMap<>();
  private final Map<NodeId, Set<NodeId>> reports = new HashMap<>();
  private final Set<NodeId> accusers = new HashSet<>();

  synchronized boolean is(NodeId node) {
    return nodes.contains(node);
  }

  /** This node saw it lying. Whether it is shunned only now. */
  synchronized boolean seen(NodeId node, String why) {
    seen.putIfAbsent(node, why);
    return nodes.add(node);
  }

  /**
   * Those that this node saw lying, and why: what it may tell others. What it was told itself it
   * does not tell on, or the voices of two liars would become those of all.
   */
  synchronized Map<NodeId, String> seen() {
    return Map.copyOf(seen);
  }

  /** Whether it is shunned from now on. The voice of one that is shunned itself counts nothing. */
  synchronized boolean reported(NodeId node, NodeId by) {
    Set<NodeId> voices = reports.computeIfAbsent(node, n -> new HashSet<>());
    voices.add(by);
    voices.removeAll(nodes);
    return voices.size() >= VOICES && nodes.add(node);
  }

  /** Of nodes that are none of these it is not kept who accused them, nor that they accused. */
  synchronized void retain(Collection<NodeId> members) {
    reports.keySet().retainAll(members);
    accusers.retainAll(members);
  }

  /** Whether this is the first time that {@code by} says so of this node. */
  synchronized boolean accused(NodeId by) {
    return accusers.add(by);
  }
}
