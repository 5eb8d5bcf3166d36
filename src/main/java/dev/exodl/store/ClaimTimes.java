package dev.exodl.store;

import java.time.Duration;

/**
 * How owners watch each other.
 *
 * @param heartbeat how often an owner says that it lives
 * @param silence after this long without, it counts as silent
 * @param settle how long a new owner waits for another one that took over at the same moment
 * @param poll how often one that waits tries again
 */
record ClaimTimes(Duration heartbeat, Duration silence, Duration settle, Duration poll) {
  static final ClaimTimes USUAL =
      new ClaimTimes(
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofMillis(500),
          Duration.ofMillis(200));
}
