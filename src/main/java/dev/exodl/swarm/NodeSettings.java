package dev.exodl.swarm;

import dev.exodl.cluster.ClusterSettings;
import dev.exodl.plan.swarm.Strategy;
import java.time.Duration;

/**
 * How this process takes part in a cluster.
 *
 * @param encrypt whether chunks are sent and taken by TLS only; needs the cluster's key
 * @param zone the user's label of where this node is; may be empty
 * @param maxLanRate bytes a second that this node sends to others at most, and as many that it
 *     takes from them; 0 for no cap
 * @param maxClusterRate bytes a second from the hub of all nodes together, told by whoever
 *     coordinates; 0 for no cap
 * @param waitFor begin only when so many nodes are here, this one counted; 1 for no waiting
 * @param patience longest time to wait for them
 */
public record NodeSettings(
    ClusterSettings cluster,
    boolean encrypt,
    String zone,
    Strategy strategy,
    long maxLanRate,
    long maxClusterRate,
    int waitFor,
    Duration patience,
    Linger linger) {
  public NodeSettings {
    if (maxLanRate < 0 || maxClusterRate < 0 || waitFor < 1 || patience.isNegative()) {
      throw new IllegalArgumentException("settings of a node out of range");
    }
    if (encrypt && cluster.key() == null) {
      throw new IllegalArgumentException("nothing to encrypt with");
    }
  }
}
