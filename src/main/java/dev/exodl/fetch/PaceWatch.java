package dev.exodl.fetch;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Measures how fast each task and all of them are; decides the number of connections and which one
 * is too slow.
 */
final class PaceWatch {
  private static final double NANOS = 1e9;

  /** A connection at less than this share of the median's rate is worth replacing. */
  private static final double SLOW_SHARE = 0.2;

  private static final double OLD_ENOUGH_SECONDS = 5;
  private static final double BETWEEN_REPLACEMENTS_SECONDS = 3;
  private static final int FEWEST_TO_COMPARE = 4;
  private static final double REQUEST_WEIGHT = 64 << 10;

  private final LongSupplier nanos;
  private final ConnectionCount count;
  private final Map<RunTask, PaceMeter> meters = new HashMap<>();
  private final Map<RunTask, Double> replacedAt = new HashMap<>();
  private final PaceMeter total;
  private final PaceMeter requests;
  private long endedBytes;
  private long endedRuns;
  private double replaceAt;

  /**
   * The median's rate when there last were enough tasks to tell; the last ones are measured by it
   * too.
   */
  private double usual;

  PaceWatch(int maxConnections, LongSupplier nanos) {
    this.nanos = nanos;
    this.count = new ConnectionCount(maxConnections);
    this.total = new PaceMeter(now());
    this.requests = new PaceMeter(now());
  }

  private double now() {
    return nanos.getAsLong() / NANOS;
  }

  int limit() {
    return count.limit();
  }

  /** Bytes per second of all tasks together. */
  double rate() {
    return total.rate();
  }

  double rate(RunTask task) {
    return Objects.requireNonNull(meters.get(task)).rate();
  }

  /** Whether the task has run long enough to judge it. */
  boolean known(RunTask task) {
    PaceMeter meter = meters.get(task);
    return meter != null && meter.age() >= 1;
  }

  void throttled() {
    count.throttled(now());
  }

  void forget(RunTask task) {
    endedBytes += task.received();
    endedRuns++;
    meters.remove(task);
    replacedAt.remove(task);
  }

  /** Measures; returns a task whose connection should be replaced, if there is one. */
  Optional<RunTask> tick(Collection<RunTask> tasks, int busy) {
    double now = now();
    long sum = endedBytes;
    for (RunTask task : tasks) {
      meters.computeIfAbsent(task, t -> new PaceMeter(now)).measured(now, task.received());
      sum += task.received();
    }
    total.measured(now, sum);
    requests.measured(now, endedRuns);
    // Requests count as if they were bytes too: with small files it is they that more connections
    // bring more of.
    count.measured(now, total.rate() + REQUEST_WEIGHT * requests.rate(), busy);
    return slowest(now);
  }

  private Optional<RunTask> slowest(double now) {
    double[] rates = meters.values().stream().mapToDouble(PaceMeter::rate).sorted().toArray();
    if (rates.length >= FEWEST_TO_COMPARE) {
      usual = rates[rates.length / 2];
    }
    if (now < replaceAt) {
      return Optional.empty();
    }
    Optional<RunTask> slow =
        meters.entrySet().stream()
            .filter(e -> e.getValue().rate() < usual * SLOW_SHARE)
            .filter(e -> e.getValue().age() > OLD_ENOUGH_SECONDS)
            .filter(e -> now - replacedAt.getOrDefault(e.getKey(), 0.0) > 2 * OLD_ENOUGH_SECONDS)
            .map(Map.Entry::getKey)
            .findFirst();
    slow.ifPresent(
        task -> {
          replacedAt.put(task, now);
          replaceAt = now + BETWEEN_REPLACEMENTS_SECONDS;
        });
    return slow;
  }
}
