package dev.exodl.swarm;

/** What this node takes from the hub at most, when whoever coordinates says how much. */
final class OwnShare {
  /** A coordinator that lies does not take the hub from the others; bytes a second. */
  static final long LEAST = 64 << 10;

  private OwnShare() {}

  /**
   * Bytes a second; 0 for no cap.
   *
   * @param told by the coordinator; 0 when it has set no cap
   * @param cap of all nodes together, as this one was started; 0 for none
   * @param nodes that share it
   */
  static long of(long told, long cap, int nodes) {
    long own = cap == 0 ? 0 : Math.max(1, cap / Math.max(1, nodes));
    if (told <= 0) {
      return own;
    }
    return Math.max(told, own == 0 ? LEAST : Math.min(LEAST, own));
  }
}
