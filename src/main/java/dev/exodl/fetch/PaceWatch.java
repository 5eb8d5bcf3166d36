package dev.exodl.fetch;

import dev.exodl.plan.Origin;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Measures how fast each task and all of them are; decides the number of connections and which one
 * to the hub is too slow.
 *
 * <p>In a cluster a node has few connections to the hub, perhaps one, on a line that all share. One
 * is too slow there only if it is much slower than the node's others, or than it was before; and if
 * a new one is no better it is the line, and no more of them are tried: what is on its way when one
 * is dropped comes once more.
 */
final class PaceWatch {
  private static final double NANOS = 1e9;

  /** A connection at less than this share of the median's rate is worth replacing. */
  private static final double SLOW_SHARE = 0.2;

  /** The same in a cluster. */
  private static final double SLOW_SHARE_OF_FEW = 0.1;

  /** A rate that one connection had is believed so much less after each one that was replaced. */
  private static final double LESS_USUAL = 4;

  private static final double OLD_ENOUGH_SECONDS = 5;
  private static final double BETWEEN_REPLACEMENTS_SECONDS = 3;
  private static final int FEWEST_TO_COMPARE = 4;
  private static final double REQUEST_WEIGHT = 64 << 10;

  private final LongSupplier nanos;
  private final boolean shared;
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
   * too. In a cluster also what those brought that ended since.
   */
  private double usual;

  /**
   * Nothing is measured yet.
   *
   * @param shared whether the line to the hub is that of a cluster
   */
  PaceWatch(int maxConnections, boolean shared, LongSupplier nanos) {
    this.nanos = nanos;
    this.shared = shared;
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
    PaceMeter meter = meters.remove(task);
    replacedAt.remove(task);
    if (shared && meter != null && isHub(task) && meter.age() >= 1) {
      double mean = task.received() / meter.age();
      usual = usual == 0 ? mean : (usual + mean) / 2;
    }
  }

  private static boolean isHub(RunTask task) {
    return task.origin() instanceof Origin.Hub;
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
    double[] rates =
        meters.entrySet().stream()
            .filter(e -> isHub(e.getKey()))
            .mapToDouble(e -> e.getValue().rate())
            .sorted()
            .toArray();
    if (rates.length >= FEWEST_TO_COMPARE) {
      usual = rates[rates.length / 2];
    }
    boolean compared = shared && rates.length > 1;
    double least =
        shared
            ? SLOW_SHARE_OF_FEW * (compared ? rates[rates.length / 2] : usual)
            : SLOW_SHARE * usual;
    if (now < replaceAt) {
      return Optional.empty();
    }
    Optional<RunTask> slow =
        meters.entrySet().stream()
            .filter(e -> isHub(e.getKey()))
            .filter(e -> e.getValue().rate() < least)
            .filter(e -> e.getValue().age() > OLD_ENOUGH_SECONDS)
            .filter(e -> now - replacedAt.getOrDefault(e.getKey(), 0.0) > 2 * OLD_ENOUGH_SECONDS)
            .map(Map.Entry::getKey)
            .findFirst();
    slow.ifPresent(
        task -> {
          replacedAt.put(task, now);
          replaceAt = now + BETWEEN_REPLACEMENTS_SECONDS;
          usual = shared && !compared ? usual / LESS_USUAL : usual;
        });
    return slow;
  }
}
