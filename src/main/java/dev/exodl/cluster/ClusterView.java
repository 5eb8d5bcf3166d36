package dev.exodl.cluster;

import dev.exodl.model.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The members of the cluster; the first one coordinates.
 *
 * @param number greater than that of each view that a member had before
 * @param parts when clusters that were apart became one: who was in which; else empty
 */
public record ClusterView(List<NodeId> members, long number, List<Set<NodeId>> parts) {
  /** The first one, of nobody who was apart. */
  public ClusterView(List<NodeId> members) {
    this(members, 0, List.of());
  }

  public ClusterView {
    members = List.copyOf(members);
    parts = parts.stream().map(Set::copyOf).toList();
  }

  public NodeId coordinator() {
    return members.getFirst();
  }

  /** Whether clusters that were apart became one. */
  public boolean merged() {
    return !parts.isEmpty();
  }

  /**
   * Who was apart from this node, as all see it alike: even if one of both saw the other all the
   * time, the other one may have heard that it was gone, and has to be told anew.
   */
  public Set<NodeId> apartFrom(NodeId node) {
    Set<NodeId> apart = new HashSet<>();
    for (Set<NodeId> part : parts) {
      boolean in = part.contains(node);
      members.stream().filter(m -> part.contains(m) != in).forEach(apart::add);
    }
    return apart;
  }
}
