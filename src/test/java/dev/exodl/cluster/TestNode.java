package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.fail;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.net.InetAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

/** A node on loopback that remembers what it was told. */
final class TestNode implements ClusterListener, AutoCloseable {
  record Told(NodeId from, SwarmMessage message) {}

  final Queue<ClusterView> views = new ConcurrentLinkedQueue<>();
  final Queue<Told> told = new ConcurrentLinkedQueue<>();
  final Queue<String> warnings = new ConcurrentLinkedQueue<>();
  final Queue<String> details = new ConcurrentLinkedQueue<>();
  private final Cluster cluster;

  private TestNode(ClusterSettings settings) {
    cluster = Cluster.join(settings, this);
  }

  static TestNode join(ClusterSettings settings) {
    return new TestNode(settings);
  }

  /** Joins with settings on loopback. */
  static TestNode join(String name, Discovery discovery) {
    return join(new ClusterSettings(name, loopback(), discovery, null));
  }

  static Bind loopback() {
    return new Bind(InetAddress.getLoopbackAddress(), 0, "of the test");
  }

  Cluster cluster() {
    return cluster;
  }

  /** Tells the other members, as this node knows them by now. */
  void tellAll(SwarmMessage message) {
    views.stream().reduce((a, b) -> b).ifPresent(v -> cluster.send(v.members(), message));
  }

  NodeId id() {
    return cluster.self();
  }

  @Override
  public void view(ClusterView view) {
    views.add(view);
  }

  @Override
  public void received(NodeId from, SwarmMessage message) {
    told.add(new Told(from, message));
  }

  @Override
  public void warning(String text) {
    warnings.add(text);
  }

  @Override
  public void detail(String text) {
    details.add(text);
  }

  @Override
  public void close() {
    cluster.close();
  }

  /** Waits until all have one view of exactly these. */
  static void awaitOneView(List<TestNode> nodes, long seconds) {
    await(
        seconds,
        () -> {
          ClusterView first = nodes.getFirst().cluster.view();
          return first.members().size() == nodes.size()
              && nodes.stream().allMatch(n -> n.cluster.view().equals(first));
        },
        () -> nodes.stream().map(n -> n.cluster.view().members().size() + "").toList().toString());
  }

  static void await(long seconds, BooleanSupplier done, java.util.function.Supplier<String> state) {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > end) {
        fail("not within " + seconds + " s: " + state.get());
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fail("interrupted");
      }
    }
  }
}
