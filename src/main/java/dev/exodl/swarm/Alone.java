package dev.exodl.swarm;

import dev.exodl.cluster.ClusterSettings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells a node that found nobody what was tried, so that it is not taken for a cluster. */
record Alone(ClusterSettings settings, Members members, CountDownLatch closed) {
  /** Others that are there are found sooner, and joining took a moment before. */
  static final Duration PATIENCE = Duration.ofMillis(2500);

  /** Tells it once, after the time, unless another node was met by then; does not wait for that. */
  void tell(Duration patience, Consumer<String> telling) {
    Thread.ofVirtual().name("exo-dl alone").start(() -> await(patience, telling));
  }

  private void await(Duration patience, Consumer<String> telling) {
    try {
      if (closed.await(patience.toMillis(), TimeUnit.MILLISECONDS) || members.met()) {
        return;
      }
      String text = text();
      // Names were looked up meanwhile.
      if (closed.getCount() > 0 && !members.met()) {
        telling.accept(text);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String text() {
    return "no other node of cluster '"
        + settings.name()
        + "' is found by "
        + settings.discovery()
        + settings.discovery().trouble().map(t -> " (" + t + ")").orElse("")
        + ": this node is alone until one joins; see that others run, with the same name, key and"
        + " version of exo-dl, and that they reach this host (--bind, --peers, --discovery)";
  }
}
