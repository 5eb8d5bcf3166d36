package dev.exodl.swarm;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
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

  Arrivals(NodeSettings settings, Members members, long nowNanos) {
    this.settings = settings;
    this.members = members;
    this.end = nowNanos + settings.patience().toNanos();
  }

  /** Waits for them, once this node has joined. */
  void await(BooleanSupplier closed) throws InterruptedException {
    long last = last(System.nanoTime());
    while (!enough()) {
      if (closed.getAsBoolean()) {
        throw new InterruptedException("left the cluster");
      }
      if (System.nanoTime() - last > 0) {
        throw tooFew();
      }
      Thread.sleep(20);
    }
  }

  /** When to give up, of who joined at this time. */
  long last(long joinedNanos) {
    return joinedNanos + Math.max(end - joinedNanos, ANSWER_NANOS);
  }

  /** Whether enough are here, or were: others may have been done before this one looked. */
  boolean enough() {
    return members.most() >= settings.waitFor();
  }

  FailureException tooFew() {
    int here = members.here();
    int most = members.most();
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
