package dev.exodl.swarm;

import dev.exodl.plan.swarm.SplitBy;
import java.util.List;

/**
 * What was dealt of a model's layers.
 *
 * @param memory bytes that each of the nodes with a share said it has, in the order of the shares
 * @param number of this node's share, from 0; -1 when it has none, as it came too late
 */
public record Hand(SplitBy by, List<Long> memory, int number) {
  public Hand {
    memory = List.copyOf(memory);
  }

  /** How many shares there are. */
  public int of() {
    return memory.size();
  }
}
