package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.HubShares;
import dev.exodl.plan.swarm.SwarmMessage;

/**
 * When a node asks for leases, and which answers it heard. Not safe for several threads; time
 * passed in.
 */
final class AskTimes {
  private long askAt;
  private long askedAt;
  private NodeId heardFrom = Members.NOBODY;
  private int heard;

  /** The first time to ask for a lease. */
  AskTimes(long first) {
    this.askAt = first;
    this.askedAt = first;
  }

  /** Whether more may be asked for. */
  boolean mayAsk(long now) {
    return now - askAt >= 0;
  }

  /** Whether the coordinator has to hear of one that fetches from the hub, wanting more or not. */
  boolean isSilent(long now) {
    return now - askedAt >= HubShares.RENEW_MILLIS;
  }

  /**
   * The coordinator is asked.
   *
   * @param more whether for more; without an answer that is asked again after {@code patience}
   */
  void asked(long now, boolean more, long patience) {
    askedAt = now;
    askAt = more ? now + patience : askAt;
  }

  /** The number of the last answer of this coordinator. */
  int heard(NodeId coordinator) {
    return coordinator.equals(heardFrom) ? heard : 0;
  }

  /** What was asked for came, or when to ask again; neither when no more was asked for. */
  void answered(NodeId coordinator, SwarmMessage.Lease lease, long now) {
    heard = Math.max(heard(coordinator), lease.number());
    heardFrom = coordinator;
    if (!lease.runs().isEmpty()) {
      askAt = now;
    } else if (lease.millis() > 0) {
      askAt = now + lease.millis();
    }
  }

  /** Another one coordinates, who does not know what was asked. */
  void anew(long now) {
    askAt = now;
  }
}
