package dev.exodl.cluster;

import dev.exodl.model.NodeId;
import java.util.List;

/** The members of the cluster; the first one coordinates. */
public record ClusterView(List<NodeId> members) {
  public ClusterView {
    members = List.copyOf(members);
  }

  public NodeId coordinator() {
    return members.getFirst();
  }
}
