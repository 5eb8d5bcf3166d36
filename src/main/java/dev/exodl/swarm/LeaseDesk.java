package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.LeasePlan;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.Collection;
import java.util.List;

/**
 * Where the nodes of a swarm ask for leases while this node coordinates. The swarm's lock guards
 * it; answers are sent outside of it.
 */
final class LeaseDesk {
  private final Swarm swarm;
  private final SwarmNode node;
  private final Leasing leasing;

  LeaseDesk(Swarm swarm, SwarmNode node) {
    this.swarm = swarm;
    this.node = node;
    this.leasing = new Leasing(swarm.blobs, swarm.maps, node.policy());
    swarm.maps.encrypts(node.self(), node.settings().encrypt());
    node.members().cards().keySet().forEach(this::know);
  }

  /** As its card says, it takes chunks from all or not; called with the lock held. */
  void know(NodeId from) {
    node.members().card(from).ifPresent(card -> swarm.maps.encrypts(from, card.encrypts()));
  }

  /** Only these are left; called with the lock held. */
  void members(Collection<NodeId> members) {
    leasing.members(members);
  }

  /** These have not told yet what they hold; called with the lock held. */
  void expect(Collection<NodeId> nodes, int millis, long now) {
    leasing.expect(nodes, millis, now);
  }

  /** Another node coordinated before this one; called with the lock held. */
  void tookOver() {
    leasing.tookOver();
  }

  /** It has told all there is to tell; called with the lock held. */
  void heard(NodeId from) {
    know(from);
    leasing.heard(from);
  }

  /** It holds more; called with the lock held. */
  void progressed(NodeId from, long now) {
    know(from);
    leasing.progressed(from, now);
  }

  /** A node asks for a lease, or tells what it holds of one. */
  void asked(NodeId from, SwarmMessage.AskLease ask) {
    List<Leasing.Answered> answers;
    swarm.lock.lock();
    try {
      know(from);
      boolean may = !ask.more() || mayLead(from);
      answers = leasing.asked(from, ask, may, node.hubNodes(), node.now());
    } finally {
      swarm.lock.unlock();
    }
    answers.forEach(this::send);
  }

  /**
   * With one leader: the oldest node that may ask the hub, takes part and is not done. One that
   * asks for nothing, as it wants fewer files, does not hold up the others.
   */
  private boolean mayLead(NodeId from) {
    if (node.settings().strategy() != Strategy.LEADER) {
      return true;
    }
    for (NodeId member : node.members().all()) {
      if (member.equals(from)) {
        return true;
      }
      if (node.mayAskHub(member)
          && swarm.maps.slot(member) >= 0
          && !swarm.maps.done(member)
          && leasing.askedLately(member, node.now())) {
        return false;
      }
    }
    return true;
  }

  /** Answers who had to wait and need not any more. */
  void answerDue() {
    List<Leasing.Answered> answers;
    swarm.lock.lock();
    try {
      answers = leasing.due(node.now());
    } finally {
      swarm.lock.unlock();
    }
    answers.forEach(this::send);
  }

  private void send(Leasing.Answered answered) {
    LeasePlan.Answer answer = answered.answer();
    if (!answer.revoke().isEmpty()) {
      node.send(answered.to(), new SwarmMessage.Revoke(swarm.id, answer.revoke()));
    }
    answer
        .taken()
        .forEach((from, runs) -> node.send(from, new SwarmMessage.Revoke(swarm.id, runs)));
    answer
        .passed()
        .forEach(
            (to, runs) ->
                node.send(
                    to,
                    new SwarmMessage.Lease(
                        swarm.id,
                        answer.number(),
                        runs,
                        LeasePlan.LEASE_MILLIS,
                        node.hubShare(to))));
    long share = answered.takes() ? node.hubShare(answered.to()) : 0;
    node.send(
        answered.to(),
        new SwarmMessage.Lease(
            swarm.id, answer.number(), answer.grant(), answered.millis(), share));
  }
}
