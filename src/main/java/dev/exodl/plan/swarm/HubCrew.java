package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.Collection;
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

  /** Of the mean rate of all. */
  private static final double SLOW = 0.33;

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
    Hand hand = hands.get(node);
    if (hand != null && full(hubNodes) && givesWay(hand, bytesPerSecond)) {
      hands.remove(node);
      return false;
    }
    if (hand == null && full(hubNodes)) {
      hands.values().removeIf(h -> nowMillis - h.asked > AWAY_MILLIS);
      if (full(hubNodes)) {
        tryMore(nowMillis);
      }
      if (full(hubNodes)) {
        return false;
      }
    }
    hands.put(node, new Hand(nowMillis, bytesPerSecond));
    return true;
  }

  /** Whether others would fetch too, were there more room. */
  private boolean full(int hubNodes) {
    return hubNodes > most && hands.size() >= most;
  }

  /**
   * Who is much slower than the others leaves its place to one that may be faster: what it fetches
   * comes late, and all others have to get it from it. So do those that were tried in vain.
   */
  private boolean givesWay(Hand hand, double bytesPerSecond) {
    double rate = bytesPerSecond > 0 ? bytesPerSecond : hand.bytesPerSecond;
    return hands.size() > most || (rate > 0 && rate < SLOW * sum() / hands.size());
  }

  private double sum() {
    double sum = 0;
    for (Hand hand : hands.values()) {
      sum += hand.bytesPerSecond;
    }
    return sum;
  }

  /** How many share what is left at most. */
  int most(int hubNodes) {
    return Math.max(1, Math.min(most, hubNodes));
  }

  /** This node has nothing to fetch from the hub. */
  void leaves(NodeId node) {
    hands.remove(node);
  }

  void retain(Collection<NodeId> members) {
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
    double rate = sum();
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
