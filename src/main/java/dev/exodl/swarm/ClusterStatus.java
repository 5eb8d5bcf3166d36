package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.List;

/**
 * The cluster as its members tell it.
 *
 * @param nodes in the order of the view, the coordinator first; without those that did not answer
 */
public record ClusterStatus(String cluster, NodeId coordinator, List<Node> nodes) {
  public ClusterStatus {
    nodes = List.copyOf(nodes);
  }

  /** One member. */
  public record Node(NodeId id, SwarmMessage.Status status) {}
}
