package dev.exodl.download;

import dev.exodl.plan.swarm.Strategy;
import java.util.Optional;

/**
 * What would be done, without doing it.
 *
 * @param wanted what each node wants to have
 * @param nodes how many there are, none of which holds anything
 * @param rates empty when nothing is known of the network
 * @param split how the model's layers are dealt out, if they are
 */
public record PlanRequest(
    SyncRequest wanted,
    int nodes,
    Strategy strategy,
    Optional<Rates> rates,
    Optional<SplitHow> split) {
  /**
   * What a network can do, in bytes a second.
   *
   * @param hub from the hub to all nodes together
   * @param node each node's link to the others, in each direction
   */
  public record Rates(long hub, long node) {}
}
