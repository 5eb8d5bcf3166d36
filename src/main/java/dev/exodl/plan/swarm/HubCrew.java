package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * How many nodes fetch from the hub at once, and which. A chunk can be passed on only when it is
 * whole: when ten thousand nodes share one line, each with its own chunk, for most of the time
 * nobody has anything to give. So a large cluster begins with some nodes, and takes more of them as
 * long as that makes the whole faster, which it does where each node has a line of its own.
 */
final class HubCrew {
  /** So many may in any case. */
  private static final int SMALLEST = 16;

  /** Chunks that each may have to fetch, counted over the whole snapshot. */
  private static final int CHUNKS_EACH = 256;

  /** Who did not ask for so long has left the crew. */
  private static final int AWAY_MILLIS = 2 * HubShares.ACTIVE_MILLIS;

  private static final int TRIAL_MILLIS = 5_000;

  private final Map<NodeId, Hand> hands = new HashMap<>();
  private int most;
  private int mostBefore;
  private double rateBefore;
  private long trialSince;

  private record Hand(long asked, double bytesPerSecond) {}

  HubCrew(int places) {
    most = Math.max(SMALLEST, places / CHUNKS_EACH);
    mostBefore = most;
  }

  /** Whether this node, that asks for a lease, may have one. */
  boolean takes(NodeId node, double bytesPerSecond, int hubNodes, long nowMillis) {
    if (hands.size() > Math.max(most, SMALLEST) && hands.remove(node) != null) {
      // One of those that were tried and brought nothing.
      return false;
    }
    if (!hands.containsKey(node) && hands.size() >= Math.min(most, hubNodes)) {
      hands.values().removeIf(h -> nowMillis - h.asked > AWAY_MILLIS);
      if (hubNodes > most && hands.size() >= most) {
        tryMore(nowMillis);
      }
      if (hands.size() >= most) {
        return false;
      }
    }
    hands.put(node, new Hand(nowMillis, bytesPerSecond));
    return true;
  }

  /** How many share what is left at most. */
  int most(int hubNodes) {
    return Math.max(1, Math.min(most, hubNodes));
  }

  /** This node has nothing to fetch from the hub. */
  void leaves(NodeId node) {
    hands.remove(node);
  }

  void retain(java.util.Collection<NodeId> members) {
    hands.keySet().retainAll(members);
  }

  /** Half as many again, if the last ones brought at least half of what they could have. */
  private void tryMore(long nowMillis) {
    if (trialSince == 0) {
      trialSince = nowMillis;
    }
    if (nowMillis - trialSince < TRIAL_MILLIS) {
      return;
    }
    double rate = hands.values().stream().mapToDouble(Hand::bytesPerSecond).sum();
    double more = (double) most / mostBefore - 1;
    trialSince = nowMillis;
    if (most == mostBefore || rate >= rateBefore * (1 + more / 2)) {
      mostBefore = most;
      rateBefore = rate;
      most += Math.max(1, most / 2);
    } else {
      // Tried again some time later: lines change.
      most = mostBefore;
      trialSince = nowMillis + 10 * TRIAL_MILLIS;
    }
  }
}
