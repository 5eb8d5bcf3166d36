package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.Collection;

/** The cluster to who tells it something. */
interface Crowd {
  NodeId self();

  Members members();

  /** Whom it tells what it holds, where it does not tell all. */
  Collection<NodeId> listeners();

  void send(Collection<NodeId> to, SwarmMessage message);

  /** Milliseconds of a clock that only goes forward. */
  long now();

  /** That of a node. */
  record Of(SwarmNode node, Nearby nearby) implements Crowd {
    @Override
    public NodeId self() {
      return node.self();
    }

    @Override
    public Members members() {
      return node.members();
    }

    @Override
    public Collection<NodeId> listeners() {
      return nearby.listeners();
    }

    @Override
    public void send(Collection<NodeId> to, SwarmMessage message) {
      node.send(to, message);
    }

    @Override
    public long now() {
      return node.now();
    }
  }
}
