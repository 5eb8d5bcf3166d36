package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.LeasePlan;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The coordinator's part in one swarm. After a change of members it first hears what each of them
 * holds and has leases for; who asks meanwhile is answered then. Not safe for several threads; time
 * passed in.
 */
final class Leasing {
  /** A member that is gone without a view saying so yet must not hold the others up for long. */
  private static final long LONGEST_WAIT_MILLIS = 1000;

  /** Who fetches asks at least this often. */
  private static final long ASKS_MILLIS = 8000;

  private final LeasePlan plan;
  private final Map<NodeId, SwarmMessage.AskLease> waiting = new LinkedHashMap<>();
  private final Set<NodeId> unheard = new HashSet<>();
  private final Map<NodeId, Long> askedAt = new LinkedHashMap<>();
  private long waitUntil;
  private long beganAt = -1;

  Leasing(SwarmBlobs blobs, HaveMaps maps) {
    this.plan = new LeasePlan(blobs, maps);
  }

  /** Who said what it gets. */
  record Answered(NodeId to, LeasePlan.Answer answer, boolean more) {}

  /** These have not told yet what they hold. */
  void expect(Collection<NodeId> nodes, long now) {
    if (!nodes.isEmpty()) {
      unheard.addAll(nodes);
      waitUntil = now + LONGEST_WAIT_MILLIS;
    }
  }

  /** It has told all there is to tell. */
  void heard(NodeId node) {
    unheard.remove(node);
  }

  /** Only these are left. */
  void members(Collection<NodeId> members) {
    unheard.retainAll(members);
    waiting.keySet().retainAll(members);
    askedAt.keySet().retainAll(members);
    plan.retain(members);
  }

  private boolean hears(long now) {
    return !unheard.isEmpty() && now - waitUntil < 0;
  }

  /** A node asks; the answers that may be given now, perhaps of others too. */
  List<Answered> asked(NodeId node, SwarmMessage.AskLease ask, long now) {
    askedAt.put(node, now);
    if (!ask.more() || !hears(now)) {
      waiting.remove(node);
      List<Answered> answers = new ArrayList<>(due(now));
      answers.add(answer(node, ask, now));
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
    waiting.forEach((node, ask) -> answers.add(answer(node, ask, now)));
    waiting.clear();
    return answers;
  }

  private Answered answer(NodeId node, SwarmMessage.AskLease ask, long now) {
    return new Answered(node, plan.asked(node, ask, active(now), now), ask.more());
  }

  /** Whether this node asked in the last seconds, or nobody had the time yet. */
  boolean askedLately(NodeId node, long now) {
    if (beganAt < 0) {
      beganAt = now;
    }
    Long at = askedAt.get(node);
    return now - (at == null ? beganAt : at) < ASKS_MILLIS;
  }

  /** How many nodes asked lately, and so share what there is to lease. */
  private int active(long now) {
    askedAt.values().removeIf(at -> now - at > LeasePlan.LEASE_MILLIS);
    return Math.max(1, askedAt.size());
  }

  void progressed(NodeId node, long now) {
    plan.progressed(node, now);
  }
}
