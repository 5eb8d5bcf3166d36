package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real syncs of the whole program that find models of other programs below the user's home. */
class ReuseProgramTest {
  @TempDir Path temp;
  private HubEmulator hub;
  private HubRepo repo;

  @BeforeEach
  void start() throws IOException {
    hub = HubEmulator.start();
    repo =
        hub.model("org/model")
            .git("config.json", "{}")
            .git("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"model.safetensors\"}}")
            .lfs("model.safetensors", RepoContent.random(7, 3 << 20));
    repo.commit("first");
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private Harness sync(String... options) {
    Harness harness = new Harness();
    harness.jobs = new RealJobs();
    harness.environment.put("HOME", temp.toString());
    harness.environment.put("HF_ENDPOINT", hub.url());
    harness.environment.put("OLLAMA_MODELS", temp.resolve("ollama").toString());
    String[] words = new String[options.length + 3];
    words[0] = "sync";
    words[1] = "org/model";
    words[2] = "--progress=json";
    System.arraycopy(options, 0, words, 3, options.length);
    assertEquals(0, harness.run(words), harness.console.stderr());
    return harness;
  }

  @Test
  void exoGetsItsFolderFromOllamaAndTheCacheGetsItFromExo() throws Exception {
    byte[] weights = repo.blob("model.safetensors").content().bytes();
    Path blobs = Files.createDirectories(temp.resolve("ollama").resolve("blobs"));
    Files.write(blobs.resolve("sha256-" + repo.blob("model.safetensors").sha256()), weights);
    Harness exo = sync("--layout", "exo");
    Path folder = temp.resolve(".local/share/exo/models/org--model");
    assertEquals(folder + "\n", exo.console.stdout());
    for (String file : repo.head().files().keySet()) {
      assertTrue(Files.isRegularFile(folder.resolve(file)), file);
      assertFalse(Files.isSymbolicLink(folder.resolve(file)), file);
    }
    assertArrayEquals(weights, Files.readAllBytes(folder.resolve("model.safetensors")));
    String told = exo.console.stderr();
    assertTrue(told.contains("\"event\":\"checking\",\"files\":1,\"bytes\":3145728"), told);
    assertTrue(told.contains("\"event\":\"reused\",\"path\":\"model.safetensors\""), told);
    long small = repo.totalSize() - weights.length;
    assertEquals(small, hub.log().fileBytesServed());
    hub.log().clear();
    Harness cache = sync();
    assertEquals(0, hub.log().fileBytesServed(), cache.console.stderr());
    assertTrue(cache.console.stdout().contains("/.cache/huggingface/hub/models--org--model/"));
  }

  @Test
  void withoutReuseAllIsFetched() throws Exception {
    Path more = Files.createDirectories(temp.resolve(".lmstudio/models/org/model"));
    Files.write(
        more.resolve("model.safetensors"), repo.blob("model.safetensors").content().bytes());
    sync("--no-reuse");
    assertEquals(repo.totalSize(), hub.log().fileBytesServed());
    hub.log().clear();
    sync("--no-reuse", "--cache-dir", temp.resolve("other").toString(), "--reuse", more.toString());
    assertEquals(repo.totalSize() - (3 << 20), hub.log().fileBytesServed());
  }
}
