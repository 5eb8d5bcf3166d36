package dev.exodl.swarm;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;

/** Waits for other nodes to come. */
record Arrivals(SwarmNode node) {
  /**
   * Waits until as many nodes are here as the settings ask for.
   *
   * @throws FailureException cluster failure when they do not come in time
   */
  void await() throws InterruptedException {
    NodeSettings settings = node.settings();
    long end = System.nanoTime() + settings.patience().toNanos();
    while (!node.members().all().contains(node.self()) || serving() < settings.waitFor()) {
      if (node.isClosed()) {
        throw new InterruptedException("left the cluster");
      }
      if (System.nanoTime() - end > 0) {
        throw new FailureException(
            new Failure.Cluster(
                serving()
                    + " of "
                    + settings.waitFor()
                    + " nodes are here after "
                    + settings.patience().toSeconds()
                    + " s",
                "cluster '" + settings.cluster().name() + "' by " + settings.cluster().discovery(),
                "check that the others run, --peers or --discovery, the key, and that ports 7820 to"
                    + " 7887 are open between the nodes; or ask for fewer with --wait-for"));
      }
      Thread.sleep(20);
    }
  }

  /** With this node; who only looks at the cluster is none of those that are waited for. */
  private long serving() {
    return node.members().cards().values().stream().filter(c -> c.port() > 0).count() + 1;
  }
}
