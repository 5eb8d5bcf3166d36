package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.LeasePlan;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the nodes of a swarm ask for leases while this node coordinates. The swarm's lock guards
 * it, and answers are put into the outbox with the lock held: they go in the order in which they
 * were found, since an answer that overtakes another one would say that both came.
 */
final class LeaseDesk {
  private final Swarm swarm;
  private final SwarmNode node;
  private final Leasing leasing;
  private @Nullable Known counted;
  private int hubNodes;

  /** What the number of those that share the hub follows from. */
  private record Known(long members, int maps, boolean hub) {}

  LeaseDesk(Swarm swarm, SwarmNode node) {
    this.swarm = swarm;
    this.node = node;
    this.leasing = new Leasing(swarm.blobs, swarm.maps, node.policy(), node.reign());
    // What was told of the swarm before it was known here is heard soon, see opens().
    this.leasing.behind(true);
    swarm.maps.encrypts(node.self(), node.settings().encrypt());
    node.members().cards().keySet().forEach(this::know);
    node.members().all().forEach(this::sharer);
  }

  /** What was told before is heard; called with the lock held. */
  void opens() {
    leasing.behind(false);
  }

  /**
   * Of a coordinator: another one coordinated before, or other nodes; called with the lock held.
   */
  void begins() {
    node.members().all().forEach(this::sharer);
  }

  /** It has a share of the hub before it asks, or those that ask first would get too much. */
  private void sharer(NodeId member) {
    if (node.coordinates() && node.mayAskHub(member) && !swarm.maps.done(member)) {
      node.reign().sharer(member, node.now());
    }
  }

  /** Nothing is leased to it any more; called with the lock held. */
  void shunned(NodeId peer) {
    leasing.forget(peer);
    node.reign().idle(peer);
  }

  /** As its card says, it takes chunks from all or not; called with the lock held. */
  private void know(NodeId from) {
    node.members().card(from).ifPresent(card -> swarm.maps.encrypts(from, card.encrypts()));
    // What only a liar holds is leased to who does not believe it, if others believe it or not.
    swarm.maps.avoids(from, node.shunned().by(from));
  }

  /** Only these are left; called with the lock held. */
  void members(Collection<NodeId> members) {
    leasing.members(members);
  }

  /** Its card came; called with the lock held. */
  void card(NodeId from) {
    know(from);
    sharer(from);
  }

  /** It holds more; called with the lock held. */
  void progressed(NodeId from, long now) {
    know(from);
    leasing.progressed(from, now);
    if (swarm.maps.done(from)) {
      node.reign().idle(from);
    }
  }

  /** A node asks for a lease, or tells what it holds of one. */
  void asked(NodeId from, SwarmMessage.AskLease ask) {
    swarm.lock.lock();
    try {
      know(from);
      boolean shunned = node.isShunned(from);
      boolean may = !shunned && (!ask.more() || ask.strategy() != Strategy.LEADER || mayLead(from));
      SwarmMessage.AskLease counted = shunned ? ask.withoutHolding() : ask;
      leasing.asked(from, counted, may, hubNodes(), node.now()).forEach(this::send);
    } finally {
      swarm.lock.unlock();
    }
  }

  /**
   * With one leader, as the node that asks wants it: the oldest node that may ask the hub, takes
   * part and is not done. One that asks for nothing, as it wants fewer files, does not hold up the
   * others.
   */
  private boolean mayLead(NodeId from) {
    return !isAnOlderOne(from, m -> canLead(m) && leasing.askedLately(m, node.now()));
  }

  private boolean canLead(NodeId member) {
    return node.mayAskHub(member) && swarm.maps.slot(member) >= 0 && !swarm.maps.done(member);
  }

  /** Whether another node is to fetch all from the hub; called with the lock held. */
  boolean isLed() {
    return node.settings().strategy() == Strategy.LEADER
        && isAnOlderOne(node.self(), this::canLead);
  }

  /** Whether there is one of these among the members that are older than this one. */
  private boolean isAnOlderOne(NodeId than, Predicate<NodeId> these) {
    for (NodeId member : node.members().all()) {
      if (member.equals(than)) {
        return false;
      }
      if (these.test(member)) {
        return true;
      }
    }
    return false;
  }

  /** Answers who had to wait and need not any more. */
  void answerDue() {
    swarm.lock.lock();
    try {
      leasing.due(node.now()).forEach(this::send);
    } finally {
      swarm.lock.unlock();
    }
  }

  /**
   * How many nodes share what is to be fetched from the hub: those of this swarm that are not done
   * and may ask it. Found anew only when a member, a card or who is done changed, as it is asked
   * each time something is chosen. Called with the lock held.
   */
  int hubNodes() {
    Known now =
        new Known(node.members().version(), swarm.maps.version(), node.mayAskHub(node.self()));
    if (!now.equals(counted)) {
      counted = now;
      hubNodes =
          (int)
              node.members().all().stream()
                  .filter(n -> takesPart(n) && node.mayAskHub(n) && !swarm.maps.done(n))
                  .count();
    }
    return hubNodes;
  }

  /** In a large cluster not all tell a node what they hold, but their cards say where they are. */
  private boolean takesPart(NodeId member) {
    return member.equals(node.self())
        || swarm.maps.slot(member) >= 0
        || node.members().card(member).filter(c -> c.swarms().contains(swarm.id)).isPresent();
  }

  private void send(Leasing.Answered answered) {
    LeasePlan.Answer answer = answered.answer();
    if (!answer.revoke().isEmpty()) {
      node.send(answered.to(), new SwarmMessage.Revoke(swarm.id, answer.revoke(), false));
    }
    answer
        .taken()
        .forEach((from, runs) -> node.send(from, new SwarmMessage.Revoke(swarm.id, runs, true)));
    answer
        .passed()
        .forEach((to, runs) -> lease(to, answer.number(), runs, LeasePlan.LEASE_MILLIS, share(to)));
    if (!answered.takes()) {
      node.reign().idle(answered.to());
    }
    // Who gets nothing for long asks the hub without a lease, but not for more than that.
    long share =
        answered.takes() ? share(answered.to()) : node.reign().withoutShare(node.hubNodes());
    lease(answered.to(), answer.number(), answer.grant(), answered.millis(), share);
  }

  private long share(NodeId of) {
    return node.reign().share(of, node.now());
  }

  private void lease(NodeId to, int number, List<ChunkRun> runs, int millis, long share) {
    boolean fromTheEnd = node.reign().fromTheEnd();
    node.send(to, new SwarmMessage.Lease(swarm.id, number, runs, millis, share, fromTheEnd));
  }
}
