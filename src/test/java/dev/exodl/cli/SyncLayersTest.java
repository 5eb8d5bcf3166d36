package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.exodl.download.Sync;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.LayeredModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sync of some layers tells; the sync is a real one. */
class SyncLayersTest {
  @TempDir Path root;

  private final HubEmulator hub = HubEmulator.start();

  @AfterEach
  void stop() {
    hub.close();
  }

  private Harness harness() {
    Harness harness = new Harness();
    harness.environment.put("HF_HUB_CACHE", root.toString());
    harness.environment.put("HF_ENDPOINT", hub.url());
    harness.sync = s -> new Sync(harness.settings, s.listener(), s.board()).run(s.request());
    return harness;
  }

  @Test
  void howMuchMoreTheWholeFilesAreIsSaid() throws Exception {
    new LayeredModel(32, 128).safetensors(hub.model("exo/layers"), 8);
    Harness people = harness();
    assertEquals(0, people.run("sync", "exo/layers", "--layers", "8-15", "--progress", "plain"));
    String line =
        "layers 8-15 of 32: 40 tensors (1.1 MB) in 2 of 8 files of weights (1.1 MB, 37.1 kB more than"
            + " the tensors)";
    assertTrue(people.console.stderr().contains(line), people.console.stderr());
    Path snapshot = Path.of(people.console.stdout().strip());
    try (var files = Files.list(snapshot)) {
      assertEquals(5, files.count());
    }

    Harness programs = harness();
    assertEquals(
        0,
        programs.run(
            "sync", "exo/layers", "--shard=2/4", "--with-shared", "--json", "--progress", "json"));
    String event =
        "{\"v\":1,\"event\":\"shard\",\"layers\":\"8-15\",\"tensors\":43,\"tensorBytes\":1116416,"
            + "\"weightFiles\":4,\"weightFileBytes\":2175456,\"form\":\"files\"}";
    assertTrue(programs.console.stderr().contains(event), programs.console.stderr());
    String object =
        "\"shard\":{\"layers\":\"8-15\",\"shared\":[\"embed\",\"norm\",\"head\"],\"tensors\":43,"
            + "\"tensorBytes\":1116416,\"files\":[\"model-00001-of-00008.safetensors\"";
    assertTrue(programs.console.stdout().contains(object), programs.console.stdout());
  }

  @Test
  void whatTheOtherFormsMakeIsToldWithoutHashes() throws Exception {
    new LayeredModel(32, 128).safetensors(hub.model("exo/layers"), 8);
    String dir = root.resolve("shard").toString();
    Harness people = harness();
    String[] line = {
      "sync", "exo/layers", "--shard=2/4", "--shard-form", "repack", "--local-dir", dir
    };
    assertEquals(0, people.run(line), people.console.stderr());
    String told =
        "layers 8-15 of 32: 40 tensors (1.1 MB) in 2 of 8 files of weights, repacked; whole, these"
            + " would be 37.1 kB more";
    assertTrue(people.console.stderr().contains(told), people.console.stderr());
    assertEquals(dir, people.console.stdout().strip());

    Harness programs = harness();
    assertEquals(
        0,
        programs.run(
            "sync",
            "exo/layers",
            "--shard=2/4",
            "--shard-form=repack",
            "--local-dir",
            dir,
            "--json",
            "--progress=none"));
    JsonNode object = new ObjectMapper().readTree(programs.console.stdout());
    assertEquals("repack", object.path("shard").path("form").asText());
    assertEquals(dir + "/exo-dl-shard.json", object.path("shard").path("manifest").asText());
    assertEquals(0, object.path("bytesFetched").asLong());
    int made = 0;
    for (JsonNode file : object.path("files")) {
      assertTrue(file.path("wasHere").asBoolean());
      boolean weights = file.path("path").asText().endsWith(".safetensors");
      assertEquals(weights, file.path("blob").isNull(), file.toString());
      made += weights ? 1 : 0;
    }
    assertEquals(2, made);
  }

  @Test
  void withAClusterOrWithoutAFolderTheyAreRefused() {
    Harness cache = harness();
    assertEquals(2, cache.run("sync", "exo/layers", "--shard=2/4", "--shard-form=ranges"));
    assertTrue(cache.console.stderr().contains("--local-dir"), cache.console.stderr());
    Harness exo = harness();
    assertEquals(
        2, exo.run("sync", "exo/layers", "--shard=2/4", "--shard-form=ranges", "--layout=exo"));
    assertTrue(exo.console.stderr().contains("whole model"), exo.console.stderr());
    assertEquals(0, hub.log().all().size());
  }
}
