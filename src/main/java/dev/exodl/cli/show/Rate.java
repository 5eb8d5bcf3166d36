package dev.exodl.cli.show;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Bytes a second over the last five seconds or so, and how long the rest takes at that rate. */
final class Rate {
  private static final long WINDOW = Duration.ofSeconds(5).toNanos();
  private static final long YOUNGEST = Duration.ofMillis(300).toNanos();

  private record Sample(long nanos, long bytes) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  void sample(long nanos, long bytes) {
    samples.addLast(new Sample(nanos, bytes));
    // The oldest stays one longer than the window, so that the window is always covered.
    while (samples.size() > 2 && nanos - second().nanos() >= WINDOW) {
      samples.removeFirst();
    }
  }

  private Sample second() {
    var all = samples.iterator();
    all.next();
    return all.next();
  }

  /** 0 until there is enough to tell. */
  double perSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long nanos = last.nanos() - first.nanos();
    return nanos < YOUNGEST ? 0 : (last.bytes() - first.bytes()) * 1e9 / nanos;
  }

  /** Empty while nothing moves. */
  Optional<Duration> left(long bytes) {
    double rate = perSecond();
    if (rate < 1) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofSeconds((long) Math.ceil(bytes / rate)));
  }
}
