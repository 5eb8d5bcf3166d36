package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.HubShares;
import dev.exodl.plan.swarm.LeasePlan;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The coordinator's part in one swarm. After a change of members it first hears what each of them
 * holds and has leases for; who asks meanwhile is answered then. Not safe for several threads; time
 * passed in.
 */
final class Leasing {
  /** Who fetches asks more often, see {@link HubShares#RENEW_MILLIS}. */
  private static final long ASKS_MILLIS = HubShares.RENEW_MILLIS + 3000;

  private final LeasePlan plan;
  private final Reign reign;
  private final Map<NodeId, SwarmMessage.AskLease> waiting = new LinkedHashMap<>();

  private final Map<NodeId, Long> askedAt = new LinkedHashMap<>();
  private int askedIn = -1;
  private long beganAt;
  private boolean behind;
  private int hubNodes = 1;

  Leasing(SwarmBlobs blobs, HaveMaps maps, TellPolicy policy, Reign reign) {
    this.reign = reign;
    this.plan = new LeasePlan(blobs, maps, policy);
  }

  /**
   * Who asked what it gets.
   *
   * @param millis when to ask again, or how long the lease lasts; 0 when no more was asked for
   * @param takes whether it takes something from the hub now, and so has a share of it
   */
  record Answered(NodeId to, LeasePlan.Answer answer, int millis, boolean takes) {}

  /** Whether something was told that is kept and not heard yet. */
  void behind(boolean is) {
    behind = is;
  }

  /** Only these are left. */
  void members(Collection<NodeId> members) {
    waiting.keySet().retainAll(members);
    askedAt.keySet().retainAll(members);
    plan.retain(members);
    plan.policy(TellPolicy.of(members.size()));
  }

  private boolean hears(long now) {
    return behind || reign.hears(now);
  }

  /**
   * A node asks; the answers that may be given now, perhaps of others too.
   *
   * @param may whether it may have more, if it asks for that
   * @param hubs how many may ask the hub
   */
  List<Answered> asked(NodeId node, SwarmMessage.AskLease ask, boolean may, int hubs, long now) {
    hubNodes = hubs;
    if (takes(ask, may)) {
      askedAt.put(node, now);
    }
    if (!ask.more() || !may || !hears(now)) {
      waiting.remove(node);
      List<Answered> answers = new ArrayList<>(due(now));
      answers.add(answer(node, ask, may, now));
      return answers;
    }
    waiting.put(node, ask);
    return List.of();
  }

  /** The answers that had to wait and need not any more. */
  List<Answered> due(long now) {
    if (hears(now) || waiting.isEmpty()) {
      return List.of();
    }
    List<Answered> answers = new ArrayList<>();
    waiting.forEach((node, ask) -> answers.add(answer(node, ask, true, now)));
    waiting.clear();
    return answers;
  }

  private Answered answer(NodeId node, SwarmMessage.AskLease ask, boolean may, long now) {
    plan.fromTheEnd(reign.fromTheEnd());
    SwarmMessage.AskLease counted = may ? ask : ask.withoutMore();
    LeasePlan.Answer answer = plan.asked(node, counted, fetching(now), now);
    boolean takes = takes(ask, may) || ask.begun() > 0;
    return new Answered(node, answer, ask.more() ? answer.millis() : 0, takes);
  }

  /** Who has a lease and only tells so fetches as well. */
  private static boolean takes(SwarmMessage.AskLease ask, boolean may) {
    return (ask.more() && may) || !ask.holding().isEmpty();
  }

  /** Whether this node asked in the last seconds, or had no time to in this reign yet. */
  boolean askedLately(NodeId node, long now) {
    if (askedIn != reign.number()) {
      askedIn = reign.number();
      beganAt = now;
    }
    Long at = askedAt.get(node);
    return now - (at == null ? beganAt : at) < ASKS_MILLIS;
  }

  /**
   * How many nodes share what there is to lease: those that asked lately. In a large cluster a node
   * that gets none asks too seldom for that, so all count.
   */
  private int fetching(long now) {
    askedAt.values().removeIf(at -> now - at > LeasePlan.LEASE_MILLIS);
    int lately = Math.max(1, askedAt.size());
    return TellPolicy.isLarge(hubNodes) ? hubNodes : lately;
  }

  /** It gets nothing any more, and what was leased to it is free. */
  void forget(NodeId node) {
    waiting.remove(node);
    askedAt.remove(node);
    plan.forget(node);
  }

  void progressed(NodeId node, long now) {
    plan.progressed(node, now);
  }
}
