package dev.exodl.fetch;

/** A rate smoothed over about two seconds, from a counter that only grows. Used by one thread. */
final class PaceMeter {
  private static final double SMOOTH_SECONDS = 2;

  private double rate;
  private long lastCount;
  private double lastSeconds;
  private double age;

  PaceMeter(double seconds) {
    lastSeconds = seconds;
  }

  void measured(double seconds, long count) {
    double passed = seconds - lastSeconds;
    if (passed <= 0) {
      return;
    }
    double now = (count - lastCount) / passed;
    age += passed;
    // While young, the plain mean: a smoothed value would start from a wrong zero.
    double weight = Math.max(passed / age, 1 - Math.exp(-passed / SMOOTH_SECONDS));
    rate += weight * (now - rate);
    lastCount = count;
    lastSeconds = seconds;
  }

  double rate() {
    return rate;
  }

  /** Seconds since the first measurement. */
  double age() {
    return age;
  }
}
