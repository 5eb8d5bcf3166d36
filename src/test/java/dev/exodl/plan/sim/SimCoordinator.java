package dev.exodl.plan.sim;

import dev.exodl.plan.swarm.Gathering;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.HubShares;
import dev.exodl.plan.swarm.LeasePlan;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.HashSet;
import java.util.Set;

/** What the coordinator knows beside what it knows as a node. */
final class SimCoordinator {
  final SimNode node;
  final HaveMaps maps;
  final LeasePlan leases;
  final Gathering gathering = new Gathering();
  private final HubShares shares = new HubShares(0);
  private final Set<SimNode> leasing = new HashSet<>();
  private final int nodes;

  /** An answer, and the node's share of the hub. */
  record Reply(LeasePlan.Answer answer, long share) {}

  SimCoordinator(SimNode node, SwarmBlobs blobs, TellPolicy policy, int nodes) {
    this.node = node;
    this.maps = new HaveMaps(blobs);
    this.leases = new LeasePlan(blobs, maps, policy);
    this.nodes = nodes;
  }

  /** Whether this node got a lease, so that it tells more often. */
  boolean leases(SimNode asker) {
    return leasing.contains(asker);
  }

  void told(SimNode from, SwarmMessage.Have have, long nowMillis) {
    maps.told(from.id, have);
    leases.progressed(from.id, nowMillis);
  }

  Reply asked(SimNode from, SwarmMessage.AskLease ask, long nowMillis) {
    LeasePlan.Answer answer = leases.asked(from.id, ask, nodes, nowMillis);
    if (!answer.grant().isEmpty() || !ask.holding().isEmpty()) {
      leasing.add(from);
    } else {
      leasing.remove(from);
    }
    return new Reply(answer, shares.asked(from.id, nowMillis));
  }
}
