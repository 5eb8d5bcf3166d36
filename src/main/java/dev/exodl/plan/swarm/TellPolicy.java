package dev.exodl.plan.swarm;

/**
 * How often nodes tell each other what came to them, so that no node hears or says more as the
 * cluster grows. What came since is told at once if nothing was told for that long, else together
 * when that time is over; nothing new, nothing told.
 *
 * @param neighbourMillis between two {@link SwarmMessage.Have} to the neighbours
 * @param coordinatorMillis between two to the coordinator, of a node that has no lease; who has one
 *     tells the coordinator as often as the neighbours
 * @param gatherMillis a new coordinator waits at most so long for all to tell; in a cluster that is
 *     {@link #isLarge} they tell after a random part of half of it
 */
public record TellPolicy(int neighbourMillis, int coordinatorMillis, int gatherMillis) {
  /** Neighbours a node has at most. */
  public static final int NEIGHBOURS = 40;

  /** The policy for a cluster of so many nodes. */
  public static TellPolicy of(int members) {
    int neighbours = Math.clamp(members - 1L, 1, NEIGHBOURS);
    return new TellPolicy(
        members > 1000 ? 1000 : Math.max(50, neighbours * 25 / 2),
        Math.max(100, (members - NEIGHBOURS) * 20),
        isLarge(members) ? Math.max(2_000, members) : 1_000);
  }

  /** Whether a cluster has so many nodes that not all tell all. */
  public static boolean isLarge(int members) {
    return members > NEIGHBOURS + 1;
  }

  /** A node asks for its first lease after a random part of this, so that not all ask at once. */
  public int firstAskMillis(int hubNodes) {
    return hubNodes <= NEIGHBOURS ? 0 : hubNodes;
  }

  /** When a node asks again that asked for a lease and got none: about 100 ask in a second. */
  public int askAgainMillis(int hubNodes) {
    return Math.max(500, 10 * hubNodes);
  }

  /**
   * Streams from the hub that a node has at once: together as many as one node has that is alone. A
   * chunk can be passed on only when it is whole, and of very many streams on one line some starve,
   * for which all wait in the end. In a large cluster some nodes fetch, with two streams each.
   *
   * @param most what a node has that is alone
   */
  public static int hubStreams(int hubNodes, int most) {
    return hubNodes > NEIGHBOURS ? Math.min(2, most) : Math.max(1, most / Math.max(1, hubNodes));
  }

  /**
   * Whether to ask for more of the hub: one second of work or one chunk is left that was not begun.
   *
   * @param leasedAhead bytes, see {@code SwarmChooser.leasedAhead}
   * @param bytesPerSecond what comes from the hub; 0 when it is not known
   */
  public static boolean asksMore(long leasedAhead, long bytesPerSecond, int chunkSize) {
    return leasedAhead < Math.max(bytesPerSecond, chunkSize);
  }
}
