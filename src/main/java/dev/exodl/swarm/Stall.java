package dev.exodl.swarm;

import dev.exodl.fetch.Fetcher;
import java.time.Duration;

/**
 * When a fetch cannot go on: nobody holds what is missing and nobody may fetch it, or nothing has
 * come for a long time. Used by the one thread that ticks.
 */
final class Stall {
  private static final long NOBODY_MILLIS = 5000;
  private static final long SILENT_MILLIS = Duration.ofSeconds(60).toMillis();

  private final SwarmNode node;
  private final Swarm swarm;
  private long bytes = -1;
  private long cameAt;
  private long nobodySince = -1;

  Stall(SwarmNode node, Swarm swarm) {
    this.node = node;
    this.swarm = swarm;
  }

  /** Ends the fetch when there is no hope. */
  void check(Fetcher fetcher, long now) {
    long all = swarm.traffic().all();
    if (all != bytes) {
      bytes = all;
      cameAt = now;
      nobodySince = -1;
      return;
    }
    // Another node that may ask the hub works, or will tell that it may not any more.
    boolean hope = node.hubNodes() > 0;
    boolean held = swarm.someoneHoldsMissing();
    if (hope || held) {
      nobodySince = -1;
    } else if (nobodySince < 0) {
      nobodySince = now;
    } else if (now - nobodySince > NOBODY_MILLIS) {
      fetcher.fail(
          Fetching.stuck(
              node.hub().last().orElse(null),
              "no node of the cluster holds the rest, and none may fetch it from the hub",
              swarm.id().toString()));
    }
    if (held && !hope && now - cameAt > SILENT_MILLIS) {
      fetcher.fail(
          Fetching.stuck(
              null,
              "the nodes that hold the rest have given nothing for a minute",
              swarm.id() + ""));
    }
  }
}
