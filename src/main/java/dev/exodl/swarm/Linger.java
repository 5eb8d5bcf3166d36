package dev.exodl.swarm;

import java.time.Duration;

/** How long a node that is done goes on serving the others. */
public sealed interface Linger {
  /** Until all members that want the snapshot have it, and this much longer. */
  record UntilComplete(Duration more) implements Linger {}

  /** Until it is stopped. */
  record Forever() implements Linger {}

  /** Not at all. */
  record Never() implements Linger {}
}
