package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;

/** What others say of a peer that lies; one voice alone might be the liar's. */
final class Reports {
  private final SwarmNode node;

  Reports(SwarmNode node) {
    this.node = node;
  }

  void heard(NodeId peer, NodeId by, String why) {
    Members members = node.members();
    if (peer.equals(node.self())) {
      if (node.shunned().accused(peer, by)) {
        node.warn(
            members.name(by)
                + " says that this node sends wrong bytes ("
                + why
                + "): check its disk and memory, and run 'exo-dl verify'");
      }
    } else if (members.all().contains(peer) && node.shunned().reported(peer, by)) {
      node.warn("shunned " + members.name(peer) + ", as two nodes say that it lies: " + why);
      node.swarms().forEach(s -> s.shunned(peer));
      if (peer.equals(members.coordinator())) {
        // It leases what it holds itself only to those of whom it knows that they do not take it.
        node.send(peer, new SwarmMessage.Shun(peer, why));
      }
    }
  }
}
