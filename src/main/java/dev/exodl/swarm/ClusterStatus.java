package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.List;

/**
 * How the nodes of a cluster are, at one moment.
 *
 * @param cluster its name
 * @param nodes those that answered, in the order of the view; who asked is not among them
 * @param silent how many others are in the view and did not answer in time
 */
public record ClusterStatus(String cluster, NodeId coordinator, List<Node> nodes, int silent) {
  public ClusterStatus {
    nodes = List.copyOf(nodes);
  }

  /** What a node said of itself. All text in it is as it came. */
  public record Node(NodeId id, SwarmMessage.Status status) {}
}
