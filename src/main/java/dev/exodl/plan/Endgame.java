package dev.exodl.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** When no free chunk is left: whether an idle connection takes over the tail of somebody's run. */
public final class Endgame {
  /**
   * Taking over costs a request and some bytes in flight: not for what would soon be done anyway.
   */
  private static final double WORTH_SECONDS = 2;

  private Endgame() {}

  /**
   * A run under way and how it does.
   *
   * @param next the first chunk that the connection has not begun with
   * @param chunkSize bytes
   * @param bytesPerSecond 0 when it is not known yet or nothing arrives
   */
  public record Pace(Run run, int next, int chunkSize, double bytesPerSecond) {
    double secondsLeft() {
      double left = (double) chunksLeft() * chunkSize;
      return bytesPerSecond > 0 ? left / bytesPerSecond : Double.MAX_VALUE;
    }

    int chunksLeft() {
      return run.end() - next;
    }
  }

  /** Where to cut which run: chunks from {@code end} on become free. */
  public record Cut(long run, int end) {}

  /** The cut that helps most, if any helps: half of what is left of the run that would end last. */
  public static Optional<Cut> cut(List<Pace> paces) {
    return paces.stream()
        .filter(p -> p.chunksLeft() >= 1 && p.secondsLeft() > WORTH_SECONDS)
        .max(Comparator.comparingDouble(Pace::secondsLeft).thenComparingInt(Pace::chunksLeft))
        .map(p -> new Cut(p.run().id(), p.next() + p.chunksLeft() / 2))
        .filter(c -> c.end() > 0);
  }
}
