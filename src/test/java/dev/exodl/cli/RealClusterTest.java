package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} and {@code status} with a real cluster on loopback. */
class RealClusterTest {
  @TempDir Path temp;

  private Harness harness() {
    Harness harness = new Harness();
    harness.jobs = new RealJobs();
    harness.environment.put("HF_HUB_CACHE", temp.resolve("hub").toString());
    harness.environment.put("EXO_DL_BIND", "127.0.0.1");
    harness.environment.put("EXO_DL_DISCOVERY", "file:" + temp.resolve("nodes"));
    return harness;
  }

  private static void await(Harness harness, String text) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!harness.console.stderr().contains(text)) {
      assertTrue(System.nanoTime() - end < 0, "no '" + text + "': " + harness.console.stderr());
      Thread.sleep(20);
    }
  }

  /** The other one is known to be there before it has said who it is. */
  @Test
  void whoJoinsSaysHowManyThereAre() throws IOException, InterruptedException {
    FakeCache.usual(temp.resolve("hub"));
    List<Harness> nodes = List.of(harness(), harness());
    List<Thread> running = new ArrayList<>();
    for (Harness node : nodes) {
      node.stopper = new Stopper(code -> {}, code -> {});
      running.add(Thread.ofPlatform().start(() -> node.run("serve")));
      await(node, " in the cluster\n");
    }
    String first = nodes.getFirst().console.stderr();
    String second = nodes.getLast().console.stderr();
    nodes.forEach(node -> node.stopper.signalled(ExitCode.TERMINATED));
    for (Thread node : running) {
      node.join();
    }
    assertTrue(first.contains(", 1 node in the cluster\n"), first);
    assertTrue(second.contains(", 2 nodes in the cluster\n"), second);
  }

  @Test
  void aNodeThatServesIsSeenAndLeavesWithTheSignal() throws IOException, InterruptedException {
    FakeCache.usual(temp.resolve("hub"));
    Harness serving = harness();
    List<Integer> ended = new CopyOnWriteArrayList<>();
    serving.stopper = new Stopper(code -> {}, ended::add);
    Thread node = Thread.ofPlatform().start(() -> serving.run("serve", "--zone", "rack-1"));
    await(serving, " in the cluster\n");
    assertTrue(serving.console.stderr().startsWith("serving "), serving.console.stderr());
    Harness looking = harness();
    assertEquals(0, looking.run("status"), looking.console.stderr());
    List<String> lines = looking.console.stdout().lines().toList();
    assertEquals("cluster exo-dl: 1 node", lines.getFirst());
    assertTrue(lines.get(1).matches("  NODE +ADDRESS +ZONE +STATE"), lines.get(1));
    assertTrue(lines.get(2).matches("\\* .* 127\\.0\\.0\\.1:[0-9]+ +rack-1 +idle"), lines.get(2));
    serving.stopper.signalled(ExitCode.TERMINATED);
    node.join();
    assertEquals(List.of(0), ended);
    Harness alone = harness();
    assertEquals(15, alone.run("status", "--wait", "500ms"), alone.console.stdout());
  }
}
