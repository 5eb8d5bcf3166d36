package dev.exodl.cluster;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;

/** Told of the cluster, by one thread, in order; must return soon. */
public interface ClusterListener {
  void view(ClusterView view);

  /** A message of another node; those of one node come in the order it sent them. */
  void received(NodeId from, SwarmMessage message);

  /** Something the user should know. */
  void warning(String text);

  /** Worth telling to who wants to know everything. */
  void detail(String text);
}
