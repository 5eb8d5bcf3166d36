package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cli.show.Statuses;
import dev.exodl.cluster.Discovery;
import dev.exodl.plan.swarm.SwarmMessage.Card;
import dev.exodl.plan.swarm.SwarmMessage.Status;
import dev.exodl.swarm.ClusterStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
  private Harness harness = new Harness();

  private String told(String... args) {
    return harness.transcript(args);
  }

  @Test
  void onceIsATable() throws IOException {
    harness.statuses = List.of(Statuses.three(0));
    Golden.check("status.txt", told("status", "--cluster=lab"));
    assertEquals(Optional.empty(), harness.every);
    assertEquals("lab", harness.node.cluster().name());
    assertNull(harness.node.cluster().key());
    assertEquals(Duration.ofSeconds(5), harness.node.patience());
  }

  @Test
  void watchedWithoutATerminalItIsTableAfterTable() throws IOException {
    harness.statuses = List.of(Statuses.three(0), Statuses.none());
    Golden.check("status-watch.txt", told("status", "--watch=0.5s"));
    assertEquals(Optional.of(Duration.ofMillis(500)), harness.every);
  }

  @Test
  void jsonIsALineForEachLook() throws IOException {
    harness.statuses = List.of(Statuses.three(0), Statuses.none());
    Golden.check("status.jsonl", told("status", "--watch", "--json"));
    assertEquals(Optional.of(Duration.ofSeconds(2)), harness.every);
  }

  @Test
  void jsonBringsNoCharacterThatATerminalObeys() throws IOException {
    String name = "gpu\u202e1\u009b31m\u001b[2J\u2028" + Character.toString(0xE0041);
    ClusterStatus.Node node = Statuses.three(0).nodes().getFirst();
    Card card = new Card(name, "10.0.0.1", 7841, "b1", "", true, false);
    harness.statuses =
        List.of(
            new ClusterStatus(
                "lab", node.id(), List.of(new ClusterStatus.Node(node.id(), with(card))), 0));
    String line = told("status", "--json");
    assertTrue(line.contains("gpu\\u202e1\\u009b31m\\u001B[2J\\u2028\\udb40\\udc41"), line);
  }

  private static Status with(Card card) {
    return new Status(card, "0.1.0", List.of());
  }

  @Test
  void onATerminalItIsDrawnThere() {
    harness.statuses = List.of(Statuses.three(0));
    harness.console.terminal = true;
    harness.console.outTerminal = true;
    assertEquals(0, harness.run("status", "--watch"));
    assertEquals("", harness.console.stdout());
    assertTrue(harness.console.stderr().contains("cluster lab: 3 nodes"));
  }

  @Test
  void whatGoesIntoAPipeIsNotDrawn() {
    harness.statuses = List.of(Statuses.three(0));
    harness.console.terminal = true;
    assertEquals(0, harness.run("status", "--watch"));
    assertEquals("", harness.console.stderr());
    assertTrue(harness.console.stdout().startsWith("cluster lab: 3 nodes\n"));
  }

  @Test
  void nobodyThereIsAFailureOfTheCluster() throws IOException {
    harness.statuses = List.of(Statuses.none());
    String text = told("status", "--bind", "127.0.0.1", "--wait", "1s");
    harness = new Harness();
    harness.statuses = List.of(Statuses.none());
    text +=
        told("status", "--bind", "127.0.0.1", "--peers", "203.0.113.1,203.0.113.2:7821", "--json");
    Golden.check("status-nobody.txt", text);
  }

  /** They are busy, or cut off a moment ago: to look for them elsewhere would not help. */
  @Test
  void nobodyAnsweringIsAnotherFailure() {
    harness.statuses = List.of(Statuses.silent(2));
    assertEquals(15, harness.run("status", "--cluster=lab"));
    assertTrue(
        harness
            .console
            .stderr()
            .contains("2 other nodes of cluster 'lab' are there, but did not answer in time"),
        harness.console.stderr());
  }

  @Test
  void whoWatchesSeesThatOnesAreSilent() {
    harness.statuses = List.of(Statuses.three(0), Statuses.silent(3));
    assertEquals(0, harness.run("status", "--watch", "--cluster=lab"));
    String table = harness.console.stdout();
    assertTrue(table.contains("cluster lab: no node, 3 without an answer\n"), table);
  }

  @Test
  void optionsGoBeforeSettings() {
    harness.statuses = List.of(Statuses.three(0));
    harness.environment.put("EXO_DL_BIND", "127.0.0.1:7830");
    harness.environment.put("EXO_DL_DISCOVERY", "dns:nodes.example");
    harness.run("status");
    assertEquals(7830, harness.node.cluster().bind().port());
    assertEquals("dns nodes.example", harness.node.cluster().discovery().toString());
    harness.run("status", "--peers", "a", "--bind", "lo", "--wait", "2m");
    assertEquals(0, harness.node.cluster().bind().port());
    assertEquals(Discovery.peers("a"), harness.node.cluster().discovery());
    assertEquals(Duration.ofMinutes(2), harness.node.patience());
  }

  @Test
  void wrongUsageIsOneClearLine() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line :
        List.of(
            "status --cluster=a/b",
            "status --cluster=",
            "status --cluster lab",
            "status --watch=soon",
            "status --watch=0",
            "status --wait long",
            "status --peers a --discovery dns:b",
            "status --peers a,,b",
            "status --discovery carrier-pigeon",
            "status --bind 10.0.0.1:x",
            "status --cluster-key /no/such.key")) {
      harness = new Harness();
      text.append(told(line.split(" ")));
      assertEquals(1, harness.console.stderr().lines().count(), line);
    }
    harness = new Harness();
    harness.environment.put("EXO_DL_PEERS", "a");
    harness.environment.put("EXO_DL_DISCOVERY", "dns:b");
    text.append(told("status"));
    Golden.check("status-usage.txt", text.toString());
  }
}
