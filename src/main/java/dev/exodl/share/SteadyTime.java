package dev.exodl.share;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Seconds since 1970 as they were known at the start, and then by a clock that nobody sets. By the
 * machine's own, who starts an hour early (a machine whose clock is wrong until it reaches a time
 * server) would refuse for an hour what is signed when that was put right. What this one lacks,
 * such as the time that a machine slept, askers are told.
 */
final class SteadyTime implements LongSupplier {
  private final LongSupplier nanos;
  private final long startMillis;
  private final long startNanos;

  /** The time that goes on from this moment. */
  SteadyTime(LongSupplier millis, LongSupplier nanos) {
    this.nanos = nanos;
    this.startMillis = millis.getAsLong();
    this.startNanos = nanos.getAsLong();
  }

  static SteadyTime ofSystem() {
    return new SteadyTime(System::currentTimeMillis, System::nanoTime);
  }

  @Override
  public long getAsLong() {
    long passed = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - startNanos);
    return TimeUnit.MILLISECONDS.toSeconds(startMillis + passed);
  }
}
