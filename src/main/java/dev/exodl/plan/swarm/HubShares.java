package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What the nodes may take from the hub together, divided among those that take. A node's share is
 * what was told to it when it last asked, so after a node came all shares together exceed the cap
 * until each was renewed once. Not safe for several threads; time passed in.
 */
public final class HubShares {
  /**
   * A node that fetches from the hub asks at least this often, only to renew its share if need be.
   */
  public static final int RENEW_MILLIS = 5_000;

  /** Who did not ask for so long has no share any more, and takes nothing. */
  public static final int ACTIVE_MILLIS = 3 * RENEW_MILLIS;

  private final long bytesPerSecond;
  private final Map<NodeId, Long> asked = new HashMap<>();

  /**
   * Shares of this rate.
   *
   * @param bytesPerSecond of all nodes together; 0 for no cap
   */
  public HubShares(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * These were active under the coordinator before: they count until they ask or their time ends.
   */
  public void expect(Collection<NodeId> nodes, long nowMillis) {
    nodes.forEach(n -> asked.putIfAbsent(n, nowMillis));
  }

  /** A node that fetches from the hub asks: its share in bytes a second; 0 for no cap. */
  public long asked(NodeId node, long nowMillis) {
    asked.put(node, nowMillis);
    asked.values().removeIf(at -> nowMillis - at > ACTIVE_MILLIS);
    return bytesPerSecond == 0 ? 0 : Math.max(1, bytesPerSecond / asked.size());
  }

  /**
   * What a node may take that takes something though it has no share; it has one when it next asks.
   *
   * @param nodes how many there may be that do
   */
  public long without(int nodes) {
    return bytesPerSecond == 0
        ? 0
        : Math.max(1, bytesPerSecond / Math.max(nodes, asked.size() + 1));
  }

  /** This node takes nothing from the hub now. */
  public void idle(NodeId node) {
    asked.remove(node);
  }

  /** Only these nodes are left. */
  public void retain(Collection<NodeId> members) {
    asked.keySet().retainAll(members);
  }
}
