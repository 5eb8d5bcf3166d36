package dev.exodl.swarm;

import dev.exodl.fetch.Fetcher;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.time.Duration;

/**
 * When a fetch cannot go on: nobody holds what is missing and nobody may fetch it, or nothing has
 * come for a long time. Used by the one thread that ticks.
 */
final class Stall {
  /** As long as a node without a cluster waits for a hub that fails. */
  private static final long NOBODY_MILLIS = Duration.ofSeconds(60).toMillis();

  /** After so long without a byte a user is told what is waited for. */
  private static final long TOLD_MILLIS = Duration.ofSeconds(5).toMillis();

  /** A large chunk over a slow line takes minutes; longer than this nobody waits for anything. */
  private static final long SILENT_MILLIS = Duration.ofMinutes(10).toMillis();

  /** What comes slower than this, on average since it last did not, is as nothing. */
  private static final long LEAST_PER_SECOND = 1024;

  private final SwarmNode node;
  private final Swarm swarm;
  private long bytes = -1;
  private long cameAt;
  private boolean told;

  Stall(SwarmNode node, Swarm swarm) {
    this.node = node;
    this.swarm = swarm;
  }

  /**
   * Tells when nothing comes and why, and ends the fetch when there is no hope.
   *
   * @param own whether all that is missing is for this process to fetch: for what another one does
   *     it waits as long as that one lives
   */
  void check(Fetcher fetcher, boolean own, long now) {
    long all = swarm.traffic().all();
    if (bytes < 0
        || !own
        || isMoving(all - bytes, now - cameAt)
        || swarm.figures().missing() == 0) {
      // While all that came is verified nothing comes, and nothing has to.
      bytes = all;
      cameAt = now;
      told = false;
      return;
    }
    long silent = now - cameAt;
    if (silent > TOLD_MILLIS && !told) {
      tell();
    }
    if (silent > NOBODY_MILLIS && swarm.figures().workers() == 0) {
      fetcher.fail(
          swarm.figures().someoneHoldsMissing()
              ? stuck("the nodes that hold the rest have given nothing for a minute")
              : stuck("no node of the cluster holds the rest, and none may fetch it from the hub"));
    } else if (silent > SILENT_MILLIS) {
      fetcher.fail(stuck("nothing has come from the hub or from other nodes for ten minutes"));
    }
  }

  private void tell() {
    if (swarm.figures().someoneHoldsMissing()) {
      return;
    }
    if (swarm.figures().workers() == 0) {
      told = true;
      node.warn(
          "no node of the cluster holds the rest, and none may fetch it from the hub: waiting for"
              + " one");
    } else if (node.hub().failsAgain()) {
      told = true;
      node.warn(
          node.hub().last().map(Failure::what).orElse("the hub gives nothing")
              + ", and no node of the cluster holds the rest: trying again");
    }
  }

  /** Whether so many bytes in that time are more than some that somebody drips. */
  static boolean isMoving(long bytes, long millis) {
    return bytes > 0 && bytes * 1000 >= millis * LEAST_PER_SECOND;
  }

  private FailureException stuck(String what) {
    Failure.Cluster own =
        new Failure.Cluster(
            what,
            swarm.id().toString(),
            "bring a node with access to the hub, and run the same command again: what is here is"
                + " kept");
    return new FailureException(node.hub().last().orElse(own));
  }
}
