package dev.exodl.plan.swarm;

/**
 * The least time in which a snapshot can be on all nodes, however clever they are.
 *
 * @param seconds at least so many
 * @param by what makes it so long
 */
public record Bound(double seconds, Limit by) {
  /** What there is too little of. */
  public enum Limit {
    /** The way from the hub. */
    HUB,
    /** The link of each node. */
    NODE,
    /** What the hub and all nodes together can send. */
    SENDING
  }

  /**
   * The bound for nodes that hold nothing. With F bytes, N nodes, W bytes a second from the hub,
   * and d and u of each node's link in and out: max(F/W, F/d, N·F/(W+N·u)), as known for exchanges
   * between peers (Kumar and Ross, "Peer-assisted file distribution: the minimum distribution
   * time", 2006). When nothing is exchanged: max(N·F/W, F/d).
   *
   * @param bytes of the snapshot
   * @param hubRate W, for all nodes together
   * @param nodeRate d and u
   */
  public static Bound of(Strategy strategy, long bytes, int nodes, long hubRate, long nodeRate) {
    if (bytes < 0 || nodes < 1 || hubRate < 1 || nodeRate < 1) {
      throw new IllegalArgumentException("no bound of that");
    }
    double all = (double) bytes * nodes;
    double hub =
        switch (strategy) {
          case SWARM, LEADER -> (double) bytes / hubRate;
          case INDEPENDENT -> all / hubRate;
        };
    double node = (double) bytes / nodeRate;
    double sending =
        switch (strategy) {
          case SWARM, LEADER -> all / (hubRate + (double) nodes * nodeRate);
          case INDEPENDENT -> 0;
        };
    double most = Math.max(hub, Math.max(node, sending));
    return new Bound(most, most == hub ? Limit.HUB : most == node ? Limit.NODE : Limit.SENDING);
  }
}
