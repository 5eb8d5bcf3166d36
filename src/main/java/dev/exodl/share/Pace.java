package dev.exodl.share;

import java.util.function.LongSupplier;

/** A cap of bytes per second over all who send. */
final class Pace {
  private static final double NANOS = 1e9;

  /** Time not used is kept for this long at most, so that a pause is not followed by a flood. */
  private static final double BURST_SECONDS = 0.1;

  private final long bytesPerSecond;
  private final LongSupplier nanos;

  /** Seconds. Guarded by this. */
  private double freeAt;

  /** A cap; 0 bytes per second for none. */
  Pace(long bytesPerSecond, LongSupplier nanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanos = nanos;
    this.freeAt = nanos.getAsLong() / NANOS;
  }

  /** How much to send at once: with a cap so little that all get their turn. */
  long step() {
    return bytesPerSecond == 0
        ? Long.MAX_VALUE
        : Math.clamp(bytesPerSecond / 20, 8L << 10, 1L << 20);
  }

  /** Accounts for bytes and tells how many nanoseconds to wait before they may be sent. */
  synchronized long nanosFor(long bytes) {
    if (bytesPerSecond == 0) {
      return 0;
    }
    double now = nanos.getAsLong() / NANOS;
    freeAt = Math.max(freeAt, now - BURST_SECONDS);
    long wait = (long) Math.max(0, (freeAt - now) * NANOS);
    freeAt += (double) bytes / bytesPerSecond;
    return wait;
  }
}
