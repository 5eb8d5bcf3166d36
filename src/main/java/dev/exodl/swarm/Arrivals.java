package dev.exodl.swarm;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import java.util.function.BooleanSupplier;

/**
 * Whether as many nodes are here as the settings ask for. Looking for them begins before this node
 * has joined, which may take a while.
 */
final class Arrivals {
  /** Those that were found when time was up are still heard. */
  private static final long ANSWER_NANOS = 300_000_000L;

  private final NodeSettings settings;
  private final Members members;
  private final long end;
  private int most;

  Arrivals(NodeSettings settings, Members members, long nowNanos) {
    this.settings = settings;
    this.members = members;
    this.end = nowNanos + settings.patience().toNanos();
  }

  /** Waits for them, once this node has joined. */
  void await(NodeId self, BooleanSupplier closed) throws InterruptedException {
    long last = last(System.nanoTime());
    while (!enough(self)) {
      if (closed.getAsBoolean()) {
        throw new InterruptedException("left the cluster");
      }
      if (System.nanoTime() - last > 0) {
        throw tooFew(self);
      }
      Thread.sleep(20);
    }
  }

  /** When to give up, of who joined at this time. */
  long last(long joinedNanos) {
    return joinedNanos + Math.max(end - joinedNanos, ANSWER_NANOS);
  }

  /** Whether enough are here. */
  boolean enough(NodeId self) {
    int here = here(self);
    most = Math.max(most, here);
    return here >= settings.waitFor();
  }

  /**
   * How many nodes are here, this one counted; 0 until it has a view itself. Who only looks at the
   * cluster is none of those that are waited for.
   */
  private int here(NodeId self) {
    if (!members.all().contains(self)) {
      return 0;
    }
    return 1 + (int) members.cards().values().stream().filter(c -> c.port() > 0).count();
  }

  FailureException tooFew(NodeId self) {
    int here = here(self);
    return new FailureException(
        new Failure.Cluster(
            here
                + " of "
                + settings.waitFor()
                + " nodes are here after "
                + settings.patience().toSeconds()
                + " s"
                + (most > here ? " (" + most + " were before)" : "")
                + settings.cluster().discovery().trouble().map(t -> "; " + t).orElse(""),
            "cluster '" + settings.cluster().name() + "' by " + settings.cluster().discovery(),
            "check that the others run, --peers or --discovery, the key, and that ports 7820 to"
                + " 7887 are open between the nodes; or ask for fewer with --wait-for"));
  }
}
