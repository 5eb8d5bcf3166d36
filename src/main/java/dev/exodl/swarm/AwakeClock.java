package dev.exodl.swarm;

import java.util.function.LongSupplier;

/**
 * A clock that only goes forward, and not far while this process is stopped: a debugger, a
 * hypervisor or a starved machine. Who was stopped itself must not believe that the others were
 * silent all that time, and that their leases are over. Thread-safe.
 */
final class AwakeClock {
  /** A process that runs looks at its clock more often, see {@link SwarmNode}. */
  static final long LONGEST_MILLIS = 500;

  private final LongSupplier real;
  private long seen;
  private long now;

  /** A clock that goes as this one does, in milliseconds, as long as somebody looks at it. */
  AwakeClock(LongSupplier real) {
    this.real = real;
    this.seen = real.getAsLong();
    this.now = seen;
  }

  /** Milliseconds. */
  synchronized long now() {
    long read = real.getAsLong();
    now += Math.clamp(read - seen, 0, LONGEST_MILLIS);
    seen = Math.max(seen, read);
    return now;
  }
}
