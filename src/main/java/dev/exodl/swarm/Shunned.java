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

  synchronized boolean is(NodeId node) {
    return nodes.contains(node);
  }

  /** Whether one of these is shunned. */
  synchronized boolean any(Collection<NodeId> members) {
    return members.stream().anyMatch(nodes::contains);
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

  /** Of nodes that are none of these it is not kept who accused them. */
  synchronized void retain(Collection<NodeId> members) {
    reports.keySet().retainAll(members);
  }

  /** Whether this is the first time that {@code by} says so of this node itself. */
  synchronized boolean accused(NodeId self, NodeId by) {
    return reports.computeIfAbsent(self, n -> new HashSet<>()).add(by);
  }

  /** Whom a node shuns, as it told. */
  synchronized Set<NodeId> by(NodeId node) {
    Set<NodeId> those = new HashSet<>();
    reports.forEach(
        (liar, voices) -> {
          if (voices.contains(node)) {
            those.add(liar);
          }
        });
    return those;
  }
}
