package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.Holders;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How chunks are found in a large cluster that no neighbour holds and nobody leases, as others hold
 * them: the coordinator hears of all and makes those meet that have something for each other.
 */
final class Seeking {
  /** News of neighbours come more often than that. */
  private static final long SILENT_MILLIS = 3000;

  private static final int AGAIN_MILLIS = 5000;

  private final Swarm swarm;
  private final SwarmNode node;

  // Of the thread that ticks.
  private long bytes = -1;
  private long cameAt;
  private long askedAt = Long.MIN_VALUE / 2;

  Seeking(Swarm swarm, SwarmNode node) {
    this.swarm = swarm;
    this.node = node;
  }

  /** Asks, when nothing comes any more; called several times a second while this node fetches. */
  void tick(long now) {
    int members = node.members().all().size();
    long came = swarm.traffic().all();
    if (came != bytes) {
      bytes = came;
      cameAt = now;
    }
    // All nodes together ask about as often as they ask for leases.
    int again = Math.max(AGAIN_MILLIS, node.policy().askAgainMillis(members));
    if (TellPolicy.isLarge(members) && now - cameAt >= SILENT_MILLIS && now - askedAt >= again) {
      askedAt = now;
      ask();
    }
  }

  private void ask() {
    swarm.lock.lock();
    try {
      BitSet lacking = swarm.figures().heldByNone(swarm.presence.nearby.sources().near().keySet());
      if (!lacking.isEmpty()) {
        node.send(node.members().coordinator(), new SwarmMessage.AskHolders(swarm.id, lacking));
      }
    } finally {
      swarm.lock.unlock();
    }
  }

  /** A node asks this one, which coordinates. */
  void asked(NodeId from, SwarmMessage.AskHolders ask) {
    List<NodeId> holders;
    swarm.lock.lock();
    try {
      holders =
          Holders.of(swarm.maps, ask.places(), n -> gives(n, from), ThreadLocalRandom.current());
    } finally {
      swarm.lock.unlock();
    }
    if (!holders.isEmpty()) {
      node.send(holders, new SwarmMessage.Meet(swarm.id, List.of(from)));
      node.send(from, new SwarmMessage.Meet(swarm.id, holders));
    }
  }

  private boolean gives(NodeId holder, NodeId to) {
    if (holder.equals(to) || node.isShunned(holder)) {
      return false;
    }
    boolean serves =
        holder.equals(node.self())
            || node.members().card(holder).filter(c -> c.port() > 0).isPresent();
    return serves && (swarm.maps.encrypts(holder) || !swarm.maps.encrypts(to));
  }
}
