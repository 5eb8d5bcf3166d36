package dev.exodl.fetch;

import dev.exodl.model.Failure;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The one place that decides what follows a trouble. Pure but for its source of jitter. */
public final class RetryPolicy {
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(8);

  /** Quotas of the hub are counted in windows of five minutes; a storm of an hour is a ban. */
  private static final Duration LONGEST_THROTTLING = Duration.ofHours(1);

  private static final int FEWEST_ATTEMPTS = 5;

  /** Added to what a source asks for, which may be nothing. */
  private static final Duration SHORTEST = Duration.ofMillis(100);

  private final Duration giveUpAfter;
  private final RandomGenerator random;

  /**
   * A policy that gives up when {@code giveUpAfter} has passed without a byte, but not before five
   * attempts.
   */
  public RetryPolicy(Duration giveUpAfter, RandomGenerator random) {
    this.giveUpAfter = giveUpAfter;
    this.random = random;
  }

  /** What to do. */
  public sealed interface Verdict {
    /**
     * Try again after the delay. {@code all}: every request to this source has to wait that long.
     */
    record Again(Duration delay, boolean all) implements Verdict {}

    record GiveUp(Failure failure) implements Verdict {}
  }

  /**
   * The verdict on a trouble.
   *
   * @param where what was being fetched, for the message
   * @param attempt number of failed attempts since the last byte, from 1
   * @param sinceProgress time since the last byte, or since the start
   */
  public Verdict verdict(Trouble trouble, String where, int attempt, Duration sinceProgress) {
    return switch (trouble) {
      case Trouble.Refused refused -> new Verdict.GiveUp(refused.failure());
      case Trouble.Broken broken -> {
        // The first break is most often a connection that was idle too long: no reason to wait.
        Duration delay = attempt == 1 ? jitter(Duration.ofMillis(100)) : backoff(attempt - 1);
        yield again(broken, where, attempt, sinceProgress, delay, giveUpAfter, false);
      }
      case Trouble.Busy busy ->
          again(
              busy,
              where,
              attempt,
              sinceProgress,
              atLeast(busy.delay(), attempt),
              giveUpAfter,
              false);
      case Trouble.Throttled slow ->
          again(
              slow,
              where,
              attempt,
              sinceProgress,
              atLeast(slow.delay(), attempt),
              LONGEST_THROTTLING,
              true);
    };
  }

  private Verdict again(
      Trouble trouble,
      String where,
      int attempt,
      Duration since,
      Duration delay,
      Duration limit,
      boolean all) {
    if (attempt >= FEWEST_ATTEMPTS && since.compareTo(limit) > 0) {
      return new Verdict.GiveUp(
          new Failure.Network(
              trouble.what() + ", " + attempt + " times in " + since.toSeconds() + " s",
              where,
              "run the same command again to go on: what is here is kept"));
    }
    return new Verdict.Again(delay, all);
  }

  /** What the source asked for, else our own guess. */
  private Duration atLeast(@Nullable Duration asked, int attempt) {
    if (asked == null) {
      return backoff(attempt);
    }
    // Jitter is added, never taken away: coming back before the asked time is a broken promise.
    return asked.plus(SHORTEST).plus(jitter(Duration.ofMillis(500)));
  }

  /** 1, 2, 4, 8, 8 ... seconds, each between half and the whole of it. */
  private Duration backoff(int attempt) {
    long millis = Math.min(LONGEST_BACKOFF.toMillis(), 1000L << Math.min(20, attempt - 1));
    return jitter(Duration.ofMillis(millis));
  }

  private Duration jitter(Duration most) {
    long millis = most.toMillis();
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }
}
