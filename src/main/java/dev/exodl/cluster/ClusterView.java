package dev.exodl.cluster;

import dev.exodl.model.NodeId;
import java.util.List;

/**
 * The members of the cluster; the first one coordinates.
 *
 * @param merged whether clusters that were apart became one: even who was here before may have seen
 *     other views meanwhile, and has to be told anew
 */
public record ClusterView(List<NodeId> members, boolean merged) {
  public ClusterView(List<NodeId> members) {
    this(members, false);
  }

  public ClusterView {
    members = List.copyOf(members);
  }

  public NodeId coordinator() {
    return members.getFirst();
  }
}
