package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
  @TempDir Path root;

  private final HubEmulator hub = HubEmulator.start();
  private Harness harness;

  @BeforeEach
  void start() {
    Fixtures.safetensorsModel(hub.model("exo/demo"), 20 << 20, 3);
    again();
  }

  @AfterEach
  void stop() throws IOException {
    hub.close();
    try (Stream<Path> files = Files.list(root)) {
      assertEquals(List.of(), files.toList(), "a plan writes nothing");
    }
  }

  private void again() {
    harness = new Harness();
    harness.environment.put("HF_HUB_CACHE", root.toString());
    harness.environment.put("HF_ENDPOINT", hub.url());
  }

  private String told(String line) {
    again();
    return harness
        .transcript(line.split(" "))
        .replace(root.toString(), "CACHE")
        // The tokenizer of the fixture is another one at each run.
        .replaceAll("\"blob\":\"[0-9a-f]+\"", "\"blob\":\"BLOB\"");
  }

  @Test
  void filesChunksAndWhoTakesWhat() throws IOException {
    String text = told("plan exo/demo --nodes 4");
    text += told("plan exo/demo --nodes 3 --strategy leader --wan 1MB --lan 100MB");
    text += told("plan exo/demo --nodes 8 --include *.json --strategy independent");
    text += told("plan exo/demo --nodes 1 --wan 100MB --lan 1MB");
    text += told("plan exo/demo@main --nodes 2 --wan 1MB --lan 1GB --json");
    Golden.check("plan.txt", text);
  }

  @Test
  void contentIsNeverAskedFor() {
    told("plan exo/demo --nodes 4");
    assertEquals(0, hub.log().fileBytesServed());
    assertEquals(2, hub.log().all().size(), "what main is, and one page of its files");
  }

  @Test
  void layersAreDealtOut() throws IOException {
    new LayeredModel(32, 128).safetensors(hub.model("exo/layers"), 8);
    String text = told("plan exo/layers --nodes 4 --split equal");
    text += told("plan exo/layers --nodes 3 --split memory --memory 64GiB,32GiB,512MiB");
    text += told("plan exo/layers --nodes 5 --split bytes");
    text += told("plan exo/layers --nodes 2 --split equal --json");
    Golden.check("plan-split.txt", text);
  }

  @Test
  void toDealOutLayersHeadersAreEnough() {
    HubRepo repo = hub.model("exo/layers");
    new LayeredModel(32, 256).safetensors(repo, 8);
    told("plan exo/layers --nodes 4 --split bytes");
    long small = repo.blob("config.json").size() + repo.blob("model.safetensors.index.json").size();
    assertEquals(8 * 100_000 + small, hub.log().fileBytesServed(), "of " + repo.totalSize());
  }

  @Test
  void wrongUsageIsOneClearLine() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line :
        List.of(
            "plan exo/demo",
            "plan --nodes 3",
            "plan exo/demo --nodes 0",
            "plan exo/demo --nodes many",
            "plan exo/demo --nodes 2 --wan 1MB",
            "plan exo/demo --nodes 2 --wan 0 --lan 1MB",
            "plan exo/demo --nodes 2 --strategy chaos",
            "plan exo/demo --nodes 2 --split chaos",
            "plan exo/demo --nodes 2 --split memory",
            "plan exo/demo --nodes 2 --split memory --memory 1GiB",
            "plan exo/demo --nodes 2 --split memory --memory 1GiB,0",
            "plan exo/demo --nodes 2 --split memory --memory 1GiB,much",
            "plan exo/demo --nodes 2 --memory 1GiB,1GiB",
            "plan exo/demo --nodes 13 --split equal",
            "plan exo/demo --nodes 2 --split equal --include *.json",
            "plan exo/demo --nodes 2 --offline",
            "plan exo/demo --nodes 2 --include *.nope")) {
      text.append(told(line));
      assertEquals(1, harness.console.stderr().lines().count(), line);
    }
    Golden.check("plan-not.txt", text.toString());
  }
}
