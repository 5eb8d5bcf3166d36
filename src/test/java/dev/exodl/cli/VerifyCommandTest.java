package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  @TempDir Path root;

  private Harness harness;

  @BeforeEach
  void start() throws IOException {
    root = root.toRealPath();
    again();
  }

  private void again() {
    harness = new Harness();
    harness.environment.put("HF_HUB_CACHE", root.toString());
  }

  private String told(String... args) {
    return harness
        .transcript(args)
        .replace(root.toString(), "CACHE")
        .replaceAll("read in [0-9.]+ s", "read in T")
        .replaceAll("\"tookMs\":[0-9]+", "\"tookMs\":0");
  }

  @Test
  void aWholeCacheIsVerifiedByTheNamesOfItsBlobs() throws IOException {
    FakeCache cache = FakeCache.usual(root);
    StringBuilder text = new StringBuilder(told("verify"));
    Path broken = cache.file("models--org--name", FakeCache.NEW, "broken.bin", "to be changed");
    Files.writeString(broken, "to be chanGed");
    Path gone = cache.file("models--org--name", FakeCache.NEW, "gone.bin", "to go");
    Files.delete(gone);
    Files.writeString(
        root.resolve("models--org--name/snapshots/" + FakeCache.OLD + "/plain.txt"), "?");
    again();
    text.append(told("verify"));
    again();
    text.append(told("verify", "--json"));
    Golden.check("verify-cache.txt", text.toString());
  }

  @Test
  void whatIsNotHereCannotBeVerified() throws IOException {
    FakeCache.usual(root);
    StringBuilder text = new StringBuilder(told("verify", "org/none", "--offline"));
    again();
    text.append(told("verify", "org/name", "--offline"));
    again();
    text.append(told("verify", "--revision", "v1"));
    again();
    text.append(told("verify", "--local-dir", root.resolve("empty").toString()));
    again();
    text.append(told("verify", "hf://org/name/file"));
    Golden.check("verify-not.txt", text.toString());
  }

  @Test
  void aRepoIsVerifiedAgainstTheHubsListing() throws Exception {
    try (HubEmulator hub = HubEmulator.start()) {
      Fixtures.safetensorsModel(hub.model("exo/demo"), 1 << 20, 2);
      harness.environment.put("HF_ENDPOINT", hub.url().toString());
      harness.jobs = new RealJobs();
      assertEquals(0, harness.run("sync", "exo/demo", "--exclude", "README.md", "-q"));
      Path snapshot = Path.of(harness.console.stdout().strip());
      Harness right = verifying(hub, "exo/demo", "-v");
      assertTrue(right.console.stdout().contains("missing  exo/demo@"), right.console.stdout());
      assertTrue(right.console.stdout().contains(" config.json\n"), right.console.stdout());
      assertTrue(right.console.stderr().contains("1 not here"), right.console.stderr());

      try (var trees = Files.walk(root)) {
        for (Path tree :
            trees
                .filter(p -> p.toString().endsWith(".json") && p.toString().contains("trees"))
                .toList()) {
          Files.delete(tree);
        }
      }
      Path weights = snapshot.resolve("model-00001-of-00002.safetensors").toRealPath();
      byte[] content = Files.readAllBytes(weights);
      content[content.length / 2] ^= 1;
      Files.write(weights, content);
      Files.delete(snapshot.resolve("config.json").toRealPath());
      Harness wrong = verifying(hub, "exo/demo");
      assertEquals(2, wrong.console.stdout().lines().count(), wrong.console.stdout());
      assertTrue(wrong.console.stderr().contains("2 files wrong"), wrong.console.stderr());
    }
  }

  @Test
  void aLocalDirIsVerifiedWithoutTheHub() throws Exception {
    Path dir = root.resolve("dir");
    try (HubEmulator hub = HubEmulator.start()) {
      Fixtures.safetensorsModel(hub.model("exo/demo"), 1 << 20, 2);
      harness.environment.put("HF_ENDPOINT", hub.url().toString());
      harness.jobs = new RealJobs();
      assertEquals(0, harness.run("sync", "exo/demo", "--local-dir", dir.toString(), "-q"));
      assertEquals(0, verifying(hub, "exo/demo", "--local-dir", dir.toString()).code);
    }
    again();
    assertEquals(0, harness.run("verify", "--local-dir", dir.toString()));
    Files.writeString(dir.resolve("config.json"), "{}");
    again();
    assertEquals(13, harness.run("verify", "--local-dir", dir.toString()));
    assertTrue(harness.console.stdout().startsWith("wrong    "), harness.console.stdout());
  }

  private Harness verifying(HubEmulator hub, String... args) {
    again();
    harness.environment.put("HF_ENDPOINT", hub.url().toString());
    String[] all = new String[args.length + 1];
    all[0] = "verify";
    System.arraycopy(args, 0, all, 1, args.length);
    harness.code = harness.run(all);
    return harness;
  }
}
