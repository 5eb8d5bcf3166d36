package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.HaveMaps;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** When the others told something of a swarm last. The swarm's lock guards it. */
final class Heard {
  /** Who has told nothing new for so long is not waited for. */
  private static final long STUCK_MILLIS = Duration.ofMinutes(10).toMillis();

  /** Nodes see in another order who comes and goes: within this all have seen it. */
  private static final long STRANGER_MILLIS = Duration.ofSeconds(20).toMillis();

  private static final long LOOK_MILLIS = 1000;

  private final HaveMaps maps;
  private final Map<NodeId, Long> at = new HashMap<>();
  private long lookedAt;

  Heard(HaveMaps maps) {
    this.maps = maps;
  }

  void told(NodeId node, long now) {
    at.put(node, now);
  }

  void retain(Collection<NodeId> members) {
    maps.retain(members);
    at.keySet().retainAll(members);
  }

  /**
   * Whether all have what they want of those that count and are not stuck.
   *
   * @param counts whether a node tells this one what comes to it
   */
  boolean allDone(Predicate<NodeId> counts, long now) {
    return maps.nodes().stream()
        .filter(counts)
        .filter(n -> now - at.getOrDefault(n, now) < STUCK_MILLIS)
        .allMatch(maps::done);
  }

  /**
   * What a node held that does not tell this one any more is soon not true, and it is not asked for
   * it either.
   *
   * @param tells whether a node tells this one what comes to it
   */
  void forgetStrangers(Predicate<NodeId> tells, long now) {
    if (now - lookedAt < LOOK_MILLIS) {
      return;
    }
    lookedAt = now;
    for (NodeId node : maps.nodes()) {
      if (!tells.test(node) && now - at.getOrDefault(node, 0L) > STRANGER_MILLIS) {
        maps.gone(node);
        at.remove(node);
      }
    }
  }
}
