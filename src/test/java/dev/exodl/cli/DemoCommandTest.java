package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.exodl.model.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo with the real sync behind it. */
class DemoCommandTest {
  @TempDir Path temp;
  private final Harness harness = new Harness();

  @BeforeEach
  void real() {
    harness.jobs = new RealJobs();
    harness.environment.put("TMPDIR", temp.toString());
    // Neither is asked: the demo stays on this machine.
    harness.environment.put("HTTP_PROXY", "http://127.0.0.1:1");
    harness.environment.put("HF_HUB_OFFLINE", "1");
  }

  private long left() throws Exception {
    try (Stream<Path> files = Files.list(temp)) {
      return files.count();
    }
  }

  private String told() {
    return harness
        .console
        .stderr()
        .replaceAll("[0-9.]+ s\\b", "N s")
        .replaceAll("127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:PORT")
        .replaceAll("[0-9]+ requests", "N requests");
  }

  @Test
  void tellsWhatTheHubSawAndLeavesNothing() throws Exception {
    assertEquals(
        0, harness.run("demo", "--nodes", "1", "--model-size", "8MiB", "--progress", "none"));
    assertEquals("", harness.console.stdout());
    Golden.check("demo-one.txt", told());
    assertEquals(0, left());
  }

  @Test
  void threeNodesGetItTogether() throws Exception {
    assertEquals(
        0,
        harness.run("demo", "--model-size", "16MiB", "--progress", "plain"),
        harness.console::stderr);
    // Who got how much from where is another each time, and on a busy machine a chunk may come
    // twice; how much of it is for the test with the figures.
    String told =
        told()
            .replaceAll("[0-9.]+ [kM]?B from", "N MB from")
            .replaceAll("the hub sent [0-9.]+ MB, each byte once", "the hub sent N MB")
            .replaceAll("the hub sent [0-9.]+ MB for a model of [0-9.]+ MB", "the hub sent N MB")
            .replaceAll("(?m)^[0-9]+%, .*\n", "");
    Golden.check("demo.txt", told);
    told().lines().forEach(l -> assertTrue(l.length() < 90, l));
    assertEquals(0, left());
  }

  @Test
  void theFiguresOfTheNodesAddUpToWhatTheHubSent() throws Exception {
    assertEquals(
        0, harness.run("demo", "--model-size", "16MiB", "--json", "-q"), harness.console::stderr);
    JsonNode json = new ObjectMapper().readTree(harness.console.stdout());
    long model = json.get("modelBytes").asLong();
    assertEquals(3, json.get("nodes").size());
    long fromHub = 0;
    for (JsonNode node : json.get("nodes")) {
      fromHub += node.get("bytesFromHub").asLong();
      assertEquals(model, node.get("bytesFromHub").asLong() + node.get("bytesFromPeers").asLong());
      assertTrue(node.get("bytesFromPeers").asLong() > 0, json.toString());
    }
    assertEquals(json.get("bytesServed").asLong(), fromHub);
    // At the end a chunk is asked for again when the node that was to fetch it is slow.
    assertTrue(fromHub >= model && fromHub < 1.5 * model, json.toString());
    assertEquals(27, json.get("verified").asInt());
    assertEquals(0, left());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 300, 900, 1800})
  void aSignalAtAnyMomentLeavesNothing(int millis) throws Exception {
    BlockingQueue<Long> leftAtTheEnd = new LinkedBlockingQueue<>();
    Stopper stopper =
        new Stopper(
            code -> {},
            code -> {
              assertEquals(130, code);
              leftAtTheEnd.add(unchecked(this::left));
            });
    harness.stopper = stopper;
    Thread demo =
        Thread.ofPlatform()
            .start(() -> harness.run("demo", "--model-size", "256MiB", "--progress", "none"));
    while (!harness.console.stderr().contains("at the same moment")) {
      Thread.sleep(10);
    }
    Thread.sleep(millis);
    stopper.signalled(ExitCode.INTERRUPTED);
    assertEquals(0L, leftAtTheEnd.take());
    assertTrue(
        harness.console.stderr().endsWith("exo-dl: interrupted; nothing is left behind\n"),
        harness.console.stderr());
    demo.join();
    assertEquals(0, left());
  }

  private static <T> T unchecked(Callable<T> of) {
    try {
      return of.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aNumberOfNodesThatIsNoneIsRefused() {
    for (String number : new String[] {"0", "9", "-1"}) {
      Harness one = new Harness();
      assertEquals(2, one.run("demo", "--nodes=" + number));
      assertEquals(
          "exo-dl: bad value '" + number + "' (--nodes); give a number from 1 to 8\n",
          one.console.stderr());
    }
  }

  @Test
  void jsonHasTheCounts() throws Exception {
    Path cache = temp.resolve("cache");
    assertEquals(
        0,
        harness.run(
            "demo", "--nodes=1", "--model-size=2MiB", "--json", "-q", "--keep", cache + ""));
    JsonNode json = new ObjectMapper().readTree(harness.console.stdout());
    assertTrue(json.get("ok").asBoolean());
    assertEquals(1, json.get("nodes").size());
    assertEquals(1, json.get("requestsAgain").asInt());
    assertEquals(0, json.get("bytesServedAgain").asLong());
    assertEquals(json.get("modelBytes").asLong(), json.get("bytesServed").asLong());
    assertEquals(9, json.get("verified").asInt());
    assertTrue(Files.exists(Path.of(json.get("path").asText()).resolve("config.json")));
    assertEquals("", harness.console.stderr());
    assertEquals(1, left(), "only the cache stays");
  }

  @Test
  void aKeptCacheHasItsPathOnStdoutAndASecondDemoFindsItThere() throws Exception {
    String cache = temp.resolve("cache").toString();
    assertEquals(0, harness.run("demo", "--nodes", "2", "--model-size", "2MiB", "--keep", cache));
    Path snapshot = Path.of(harness.console.stdout().strip());
    assertTrue(Files.isDirectory(snapshot) && snapshot.startsWith(cache), snapshot.toString());

    Harness again = new Harness();
    again.jobs = new RealJobs();
    again.environment.put("TMPDIR", temp.toString());
    assertEquals(0, again.run("demo", "--nodes", "1", "--model-size", "2MiB", "--keep", cache));
    assertTrue(
        again.console.stderr().contains("1 request, the hub sent 0 B"), again.console.stderr());
  }

  @Test
  void aSizeThatShowsNothingIsRefused() {
    assertEquals(2, harness.run("demo", "--model-size", "1000"));
    assertEquals(
        "exo-dl: a model of 1000 bytes is too small to show anything (--model-size); give 1MiB or"
            + " more\n",
        harness.console.stderr());
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    harness.environment.put("TMPDIR", temp.resolve("missing").toString());
    assertEquals(14, harness.run("demo"));
    assertTrue(harness.console.stderr().contains("TMPDIR"), harness.console.stderr());
    assertEquals(1, harness.console.stderr().lines().count());
  }
}
