package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;

/** How a node's listings and deals reach the others. */
record NodePost(SwarmNode node) implements Listings.Post {
  @Override
  public NodeId self() {
    return node.self();
  }

  @Override
  public void send(NodeId to, SwarmMessage message) {
    node.send(to, message);
  }

  @Override
  public boolean isClosed() {
    return node.isClosed();
  }
}
