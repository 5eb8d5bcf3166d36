package dev.exodl.swarm;

import dev.exodl.cluster.ClusterView;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.Gathering;
import dev.exodl.plan.swarm.HubShares;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * That one node coordinates, and what all swarms have in common while it is this one: whom it has
 * not heard yet, how the hub is shared, and from which end chunks are leased. Whoever takes over
 * leases from the other end than the one before, who may go on for others from whom these are cut
 * off: what both lease is fetched twice. Thread-safe, and calls nobody; time passed in.
 */
final class Reign {
  /** Newcomers tell at once; one that is gone by now must not hold the others up for long. */
  static final int NEWCOMER_MILLIS = 1000;

  /** Of so many nodes is kept what they told, members or not. */
  private static final int TOLD_MOST = 20_000;

  private final HubShares shares;
  private final Gathering gathering = new Gathering();
  private ClusterView view = new ClusterView(List.of(Members.NOBODY));
  private boolean fromTheEnd;
  private int number;

  /** The view from which on a node has to tell this one all. */
  private final Map<NodeId, Long> owedSince = new HashMap<>();

  /** The view in which it did; perhaps before that view is here. */
  private final Map<NodeId, Long> toldIn = new LinkedHashMap<>();

  /**
   * A reign in a cluster that takes so much from the hub.
   *
   * @param bytesPerSecond of all nodes together; 0 for no cap
   */
  Reign(long bytesPerSecond) {
    this.shares = new HubShares(bytesPerSecond);
  }

  /** Takes a view; whom it shows as new to a coordinator is waited for. */
  synchronized void view(ClusterView now, NodeId self, long nowMillis) {
    boolean other = !now.coordinator().equals(view.coordinator());
    // When clusters become one nobody takes over: who coordinates did so before.
    if (other && !now.merged() && !view.coordinator().equals(Members.NOBODY)) {
      fromTheEnd = !fromTheEnd;
    }
    boolean anew = other || now.merged();
    number += anew ? 1 : 0;
    Set<NodeId> members = new HashSet<>(now.members());
    shares.retain(members);
    owedSince.keySet().retainAll(members);
    gathering.retain(now.coordinator().equals(self) ? members : Set.of());
    if (now.coordinator().equals(self)) {
      if (!anew) {
        view.members().forEach(members::remove);
      }
      members.remove(self);
      int most = anew ? TellPolicy.of(now.members().size()).gatherMillis() : NEWCOMER_MILLIS;
      members.forEach(m -> owedSince.put(m, now.number()));
      members.removeIf(m -> toldIn.getOrDefault(m, -1L) >= now.number());
      gathering.expect(members, most, nowMillis);
    }
    view = now;
  }

  /**
   * It has told all there was to tell in that view, which this node may not have yet. What it told
   * in an older one than that since which it is waited for was on its way since before a split.
   */
  synchronized void toldAll(NodeId node, long inView) {
    toldIn.remove(node);
    toldIn.put(node, inView);
    if (toldIn.size() > TOLD_MOST) {
      toldIn.remove(toldIn.keySet().iterator().next());
    }
    if (inView >= owedSince.getOrDefault(node, Long.MAX_VALUE)) {
      gathering.heard(node);
    }
  }

  /** Whether somebody has to be heard before anything is granted. */
  synchronized boolean hears(long now) {
    return gathering.goesOn(now);
  }

  /** Grows with each coordinator, and when clusters become one. */
  synchronized int number() {
    return number;
  }

  /** Whether the last chunks are leased first. */
  synchronized boolean fromTheEnd() {
    return fromTheEnd;
  }

  /** Who coordinates says whether it leases the last chunks first. */
  synchronized void told(boolean lastFirst) {
    fromTheEnd = lastFirst;
  }

  /** A node that fetches from the hub asks: its share of it; 0 for no cap. */
  synchronized long share(NodeId of, long now) {
    return shares.asked(of, now);
  }

  /** What a node may take that is not to take any now, should it have to; 0 for no cap. */
  synchronized long withoutShare(int hubNodes) {
    return shares.without(hubNodes);
  }

  /** A node that will probably fetch from the hub soon, or does so since before this reign. */
  synchronized void sharer(NodeId node, long now) {
    shares.expect(List.of(node), now);
  }

  /** It takes nothing from the hub now. */
  synchronized void idle(NodeId node) {
    shares.idle(node);
  }
}
