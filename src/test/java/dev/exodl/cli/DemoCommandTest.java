package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void tellsWhatTheHubSawAndLeavesNothing() throws Exception {
    assertEquals(0, harness.run("demo", "--model-size", "8MiB", "--progress", "none"));
    assertEquals("", harness.console.stdout());
    String told =
        harness
            .console
            .stderr()
            .replaceAll("[0-9.]+ s\\b", "N s")
            .replaceAll("127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:PORT")
            .replaceAll("[0-9]+ requests", "N requests");
    Golden.check("demo.txt", told);
    assertEquals(0, left());
  }

  @Test
  void jsonHasTheCounts() throws Exception {
    Path cache = temp.resolve("cache");
    assertEquals(
        0, harness.run("demo", "--model-size", "2MiB", "--json", "-q", "--keep", cache + ""));
    JsonNode json = new ObjectMapper().readTree(harness.console.stdout());
    assertTrue(json.get("ok").asBoolean());
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
    assertEquals(0, harness.run("demo", "--model-size", "2MiB", "--keep", cache));
    Path snapshot = Path.of(harness.console.stdout().strip());
    assertTrue(Files.isDirectory(snapshot) && snapshot.startsWith(cache), snapshot.toString());

    Harness again = new Harness();
    again.jobs = new RealJobs();
    again.environment.put("TMPDIR", temp.toString());
    assertEquals(0, again.run("demo", "--model-size", "2MiB", "--keep", cache));
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
