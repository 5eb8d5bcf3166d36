package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real channels on loopback. */
class ClusterTest {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final String name =
      "test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void leave() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      nodes.forEach(n -> pool.submit(n::close));
    }
  }

  /** Starts nodes at the same moment. */
  private List<TestNode> start(int count, Discovery discovery)
      throws InterruptedException, ExecutionException {
    List<Future<TestNode>> starting = new ArrayList<>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        starting.add(pool.submit(() -> TestNode.join(name, discovery)));
      }
    }
    List<TestNode> started = new ArrayList<>();
    for (Future<TestNode> f : starting) {
      started.add(f.get());
    }
    nodes.addAll(started);
    return started;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 11})
  void nodesThatStartTogetherFormOneView(int count) throws Exception {
    long begin = System.nanoTime();
    List<TestNode> started = start(count, Discovery.peers("127.0.0.1"));
    TestNode.awaitOneView(started, 20);
    System.err.printf(
        "%d nodes, one view after %d ms, views %s%n",
        count,
        (System.nanoTime() - begin) / 1_000_000,
        started.stream().map(n -> n.views.size()).toList());
    if (Boolean.getBoolean("show")) started.forEach(n -> n.details.forEach(System.err::println));
  }

  @Test
  void messagesOfANodeComeInTheOrderItSentThem() throws Exception {
    List<TestNode> started = start(3, Discovery.peers("127.0.0.1"));
    TestNode.awaitOneView(started, 20);
    TestNode sender = started.getFirst();
    TestNode to = started.getLast();
    for (int i = 0; i < 2000; i++) {
      var message = new SwarmMessage.Throttled(i);
      if (i % 3 == 0) {
        sender.cluster().send(to.id(), message);
      } else {
        sender.cluster().sendAll(message);
      }
    }
    TestNode.await(10, () -> to.told.size() == 2000, () -> to.told.size() + " came");
    int i = 0;
    for (TestNode.Told t : to.told) {
      assertEquals(new TestNode.Told(sender.id(), new SwarmMessage.Throttled(i++)), t);
    }
    assertEquals(0, sender.told.size());
  }
}
