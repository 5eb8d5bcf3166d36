package dev.exodl.swarm;

import dev.exodl.fetch.Trouble;
import dev.exodl.model.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node may ask the hub for content now. Thread-safe; time passed in, in milliseconds
 * of a clock that only goes forward.
 */
final class Hub {
  private static final int MOST_BACKOFF_MILLIS = 8000;

  static final int MOST_JITTER_MILLIS = 500;

  private static final long LONGEST_THROTTLING_MILLIS = 3_600_000;

  /** More than that nobody is believed at a time who says that the hub wants quiet. */
  private static final long LONGEST_TOLD_MILLIS = 60_000;

  /** It is tried again after so long. */
  private static final long TRIED_AGAIN_MILLIS = 15_000;

  /** A pause that is over so soon is waited for. */
  private static final long SOON_MILLIS = 2000;

  /** Where it never gave a byte this few failures tell that it cannot be reached from here. */
  private static final int FAILURES_AT_FIRST = 2;

  private final long giveUpMillis;
  private boolean reachable;
  private boolean refused;
  private boolean worked;

  /** It is tried again, and gave nothing yet. */
  private boolean tried;

  private long leftAt;
  private long closedUntil;
  private long failingSince = -1;
  private long throttledSince = -1;

  /** Since and until when others closed it, and until when no other word of theirs counts. */
  private long toldSince;

  private long toldUntil;
  private long toldJitter;
  private long ownTurnUntil = Long.MIN_VALUE;
  private int failures;

  /** Those of the failures, one after the other, that are no answer to be content with. */
  private int breaks;

  private @Nullable Failure last;

  /**
   * A hub.
   *
   * @param reachable whether it may be asked at all
   * @param giveUp how long it may fail without a byte until this node stops asking it
   */
  Hub(boolean reachable, Duration giveUp) {
    this.reachable = reachable;
    this.refused = !reachable;
    this.giveUpMillis = giveUp.toMillis();
  }

  /** Whether this node counts as one that fetches from the hub. */
  synchronized boolean reachable() {
    return reachable;
  }

  /** Whether others may count on what this node fetches: not while it only tries again. */
  synchronized boolean promises() {
    return reachable && !tried;
  }

  synchronized boolean open(long now) {
    return reachable && now - closedUntil >= 0;
  }

  /** Whether it can be expected to give something soon: what others have too is waited for. */
  synchronized boolean gives(long now) {
    return !failsAgain() && now - closedUntil >= -SOON_MILLIS;
  }

  /** Bytes came. Whether others may count on this node now that could not before. */
  synchronized boolean worked() {
    boolean again = tried;
    tried = false;
    worked = true;
    failures = 0;
    breaks = 0;
    failingSince = -1;
    throttledSince = -1;
    last = null;
    return again;
  }

  /**
   * It did not give what was asked for.
   *
   * @return how long all nodes should leave it alone, in milliseconds; 0 when it is this node's
   *     affair
   */
  synchronized long failed(Trouble trouble, long now) {
    failures = Math.min(failures + 1, 20);
    switch (trouble) {
      case Trouble.Refused no -> {
        last = no.failure();
        refused = true;
        reachable = false;
        return 0;
      }
      case Trouble.Throttled slow -> {
        // A hub that says so is there, however often it says it.
        breaks = 0;
        failingSince = -1;
        ownTurnUntil = Long.MIN_VALUE;
        // Jitter is added, never taken away: coming back before the asked time breaks a promise.
        long asked = slow.delay() == null ? backoff() : slow.delay().toMillis() + 100;
        calm(asked + ThreadLocalRandom.current().nextLong(MOST_JITTER_MILLIS), now);
        throttledSince = throttledSince < 0 ? now : throttledSince;
        if (now - throttledSince > LONGEST_THROTTLING_MILLIS) {
          last =
              new Failure.Network(
                  slow.what() + ", for an hour",
                  "the hub",
                  "run the same command again later: what is here is kept");
          reachable = false;
          leftAt = now;
        }
        return asked;
      }
      case Trouble.Busy busy -> {
        long asked = busy.delay() == null ? 0 : busy.delay().toMillis() + 100;
        calm(Math.max(asked, backoff()), now);
        broken(busy.what(), now);
      }
      case Trouble.Broken broken -> {
        // The first break is most often a connection that was idle too long.
        calm(failures == 1 ? 50 : backoff(), now);
        broken(broken.what(), now);
      }
    }
    return 0;
  }

  private void broken(String what, long now) {
    breaks++;
    failingSince = failingSince < 0 ? now : failingSince;
    last =
        new Failure.Network(
            what + ", " + breaks + " times in " + (now - failingSince) / 1000 + " s",
            "the hub",
            "run the same command again to go on: what is here is kept");
    if (now - failingSince > giveUpMillis || (!worked && breaks >= FAILURES_AT_FIRST)) {
      reachable = false;
      leftAt = now;
    }
  }

  /** Whether it is worth a try again; then it counts as reachable, but only here. */
  synchronized boolean triedAgain(long now) {
    if (reachable || refused || now - leftAt < TRIED_AGAIN_MILLIS) {
      return false;
    }
    reachable = true;
    tried = true;
    failingSince = -1;
    return true;
  }

  private long backoff() {
    long most = Math.min(MOST_BACKOFF_MILLIS, 500L << Math.min(10, failures - 1));
    return most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
  }

  /**
   * Another node says that the hub wants no requests for so long. All nodes keep to that, but no
   * longer than a minute at a time; and for as long again this node then finds out itself, unless
   * the hub told it the same: who lies closes it for half of the time at most.
   */
  synchronized void toldCalm(long millis, long now) {
    if (now >= ownTurnUntil) {
      toldSince = now;
      toldUntil = now;
      // Later, each by another time: else all would come back in the same moment.
      toldJitter = ThreadLocalRandom.current().nextLong(MOST_JITTER_MILLIS);
    } else if (now >= toldUntil) {
      return;
    }
    toldUntil = Math.max(toldUntil, now + Math.min(millis, toldSince + LONGEST_TOLD_MILLIS - now));
    long closed = toldUntil + toldJitter;
    ownTurnUntil = closed + (closed - toldSince);
    calm(closed - now, now);
  }

  /** Whether it failed again and again, without a byte in between. */
  synchronized boolean failsAgain() {
    return failures > 1 || !reachable;
  }

  private void calm(long millis, long now) {
    closedUntil = Math.max(closedUntil, now + millis);
  }

  /** What it said when it failed, if it has given nothing since. */
  synchronized Optional<Failure> last() {
    return Optional.ofNullable(last);
  }
}
