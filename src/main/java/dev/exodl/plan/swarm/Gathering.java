package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Whom a coordinator still has to hear before it grants anything: it does not know yet what they
 * hold and have leases for. Not safe for several threads; time passed in.
 */
public final class Gathering {
  /** Who has not told yet, and how long that is waited for. */
  private final Map<NodeId, Long> unheard = new HashMap<>();

  /** These have not told yet what they hold; so long they are waited for. */
  public void expect(Collection<NodeId> nodes, int millis, long nowMillis) {
    nodes.forEach(node -> unheard.put(node, nowMillis + millis));
  }

  /** It has told all there is to tell. */
  public void heard(NodeId node) {
    unheard.remove(node);
  }

  /** Only these nodes are left. */
  public void retain(Collection<NodeId> members) {
    unheard.keySet().retainAll(members);
  }

  /** Whether somebody is waited for. */
  public boolean goesOn(long nowMillis) {
    // Of each its own time: others that come must not make the wait for a silent one longer.
    return unheard.values().stream().anyMatch(until -> nowMillis - until < 0);
  }
}
