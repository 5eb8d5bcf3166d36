package dev.exodl.swarm;

import java.time.Duration;

/**
 * Whether a node stands still: nobody gives it what others say they hold or will fetch, though it
 * could ask the hub. Whole chunks count, as a few bytes are given easily; those that it fetched
 * just because it stood still do not. Not safe for several threads; time passed in.
 */
final class Standstill {
  /** All pulls together bring as much a second at least, if this node's own cap is not lower. */
  static final long LEAST = 64 << 10;

  /** Who holds what is missing and gives none of it for so long is not waited for. */
  private static final long HELD_BACK_MILLIS = Duration.ofSeconds(15).toMillis();

  /** Who is to fetch what nobody holds, and perhaps does. */
  private static final long UNHELD_MILLIS = Duration.ofSeconds(60).toMillis();

  /** In a large cluster not all may ask the hub at once, nor where one fetches for all. */
  private static final long UNHELD_OF_FEW_MILLIS = Duration.ofMinutes(5).toMillis();

  /** Who gets nothing at all gives up a minute later. */
  private static final long LONGEST_MILLIS = Duration.ofMinutes(9).toMillis();

  private final long least;
  private long cameAt;
  private long lookedAt;

  /**
   * It stands still from now on.
   *
   * @param cap bytes a second that all pulls together may take; 0 for no cap
   */
  Standstill(long cap, long now) {
    this.least = cap > 0 ? Math.min(cap, LEAST) : LEAST;
    this.cameAt = now;
    this.lookedAt = now;
  }

  /** A chunk came that it waited for, or there is nothing to wait for. */
  void came(long now) {
    cameAt = now;
  }

  /**
   * Looks at the time. While the hub is closed it stands still, so that who closes it gains none.
   */
  void looks(boolean hubOpen, long now) {
    cameAt = hubOpen ? cameAt : Math.min(now, cameAt + now - lookedAt);
    lookedAt = now;
  }

  /** What each pull has to bring a second, on average over some seconds. */
  double leastPace(int pulls) {
    return least / (double) Math.max(1, pulls);
  }

  /** Whether what peers hold does not come: a pull that has the least pace had the time. */
  boolean heldBack(int pulls, int chunkSize, long now) {
    return now - cameAt > HELD_BACK_MILLIS + millis(pulls, chunkSize);
  }

  /**
   * Whether what nobody holds does not come either, nor a lease for it.
   *
   * @param few whether few nodes are to ask the hub, of all that could
   * @param hubMillis what a chunk takes from the hub, as far as that is known: whoever fetches it
   *     may have begun with it just now
   */
  boolean leftAlone(int pulls, int chunkSize, boolean few, long hubMillis, long now) {
    long patience = few ? UNHELD_OF_FEW_MILLIS : UNHELD_MILLIS;
    long most = Math.min(LONGEST_MILLIS, patience + 2 * hubMillis);
    return now - cameAt > most + millis(pulls, chunkSize);
  }

  private long millis(int pulls, int chunkSize) {
    return pulls == 0 ? 0 : (long) (chunkSize * 1000.0 / leastPace(pulls));
  }
}
