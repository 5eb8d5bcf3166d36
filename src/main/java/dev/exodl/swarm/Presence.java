package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import java.util.List;

/**
 * That this node takes part in a swarm: it says so on its card, and tells and asks those who do
 * too. The swarm's lock guards it.
 */
final class Presence {
  final Nearby nearby;
  private final Swarm swarm;
  private final SwarmNode node;
  private volatile boolean takesPart;

  Presence(Swarm swarm, SwarmNode node) {
    this.swarm = swarm;
    this.node = node;
    this.nearby =
        new Nearby(swarm.id, node.members(), node.own()::member, node.settings().encrypt());
  }

  /** Whether this node holds or wants something of it; may be asked without the lock. */
  boolean takesPart() {
    return takesPart;
  }

  /**
   * Says it when that changed, before anything else is told: by the card the others know that they
   * are neighbours. Then looks who else takes part now.
   */
  void refresh() {
    boolean now = !swarm.telling.wanted.isEmpty() || !swarm.telling.own.isEmpty();
    if (now != takesPart) {
      takesPart = now;
      node.own().tellCard();
    }
    if (nearby.refresh(now)) {
      othersChanged();
    }
  }

  /** The coordinator says that these and this node have something for each other. */
  void meet(List<NodeId> nodes) {
    nearby.meet(nodes);
    othersChanged();
  }

  private void othersChanged() {
    swarm.telling.audienceChanged();
    tellPeers();
  }

  /** Tells the fetch, if there is one, from whom it takes. */
  void tellPeers() {
    Fetching f = swarm.fetching();
    if (f != null) {
      f.peers(nearby.sources().near(), nearby.sources().bridges());
    }
  }
}
