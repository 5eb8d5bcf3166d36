package dev.exodl.fetch;

import java.time.Duration;

/**
 * How hard a fetch may try.
 *
 * @param maxConnections streams open at once, at least 1
 * @param maxBytesPerSecond cap of the rate of all streams from the hub together, 0 for none
 * @param maxPeerBytesPerSecond cap of the rate of all streams from other nodes together, 0 for none
 * @param giveUpAfter how long a run may go without a byte before its trouble ends the fetch
 */
public record FetchLimits(
    int maxConnections, long maxBytesPerSecond, long maxPeerBytesPerSecond, Duration giveUpAfter) {
  public static final FetchLimits DEFAULT = new FetchLimits(16, 0, 0, Duration.ofSeconds(60));

  public FetchLimits {
    if (maxConnections < 1 || maxBytesPerSecond < 0 || maxPeerBytesPerSecond < 0) {
      throw new IllegalArgumentException("limits out of range");
    }
  }
}
