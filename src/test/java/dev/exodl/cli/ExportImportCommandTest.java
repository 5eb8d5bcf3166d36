package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubEmulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportImportCommandTest {
  @TempDir Path root;

  private Path archive;

  @BeforeEach
  void fetch() throws IOException {
    root = root.toRealPath();
    archive = root.resolve("demo.tar");
    try (HubEmulator hub = HubEmulator.start()) {
      Fixtures.safetensorsModel(hub.model("exo/demo"), 1 << 20, 2);
      Harness sync = harness();
      sync.environment.put("HF_ENDPOINT", hub.url().toString());
      sync.jobs = new RealJobs();
      assertEquals(0, sync.run("sync", "exo/demo", "-q"), sync.console.stderr());
    }
  }

  private Harness harness() {
    Harness harness = new Harness();
    harness.environment.put("HF_HUB_CACHE", root.resolve("cache").toString());
    return harness;
  }

  private String told(String... args) {
    return harness()
        .transcript(args)
        .replace(root.toString(), "ROOT")
        .replaceAll(" in [0-9.]+ s", " in T")
        .replaceAll("[0-9a-f]{40,64}", "HEX")
        .replaceAll("\"tookMs\":[0-9]+", "\"tookMs\":0");
  }

  @Test
  void theyTellWhatTheyDid() throws IOException {
    StringBuilder text = new StringBuilder();
    String to = archive.toString();
    String other = root.resolve("other").toString();
    text.append(told("export", "exo/demo", "-o", to, "--progress", "none"));
    text.append(told("export", "exo/demo", "-o", to, "-q", "--json"));
    text.append(told("import", to, "--cache-dir", other, "--progress", "none"));
    text.append(told("import", to, "--cache-dir", other, "--progress", "none"));
    text.append(told("import", to, "--cache-dir", other, "-q", "--json"));
    text.append(told("verify", "exo/demo", "--cache-dir", other, "--offline", "-q"));
    Golden.check("export-import.txt", text.toString());
  }

  @Test
  void whatCannotBeSaysSo() throws IOException {
    StringBuilder text = new StringBuilder();
    Files.writeString(archive, "x".repeat(600));
    text.append(told("export", "exo/demo"));
    text.append(told("export", "exo/demo", "-o", ""));
    text.append(told("export", "exo/demo", "-o", "-", "--json"));
    text.append(told("export", "exo/demo", "-o", root.toString()));
    text.append(told("export", "exo/demo", "-o", root.resolve("no/where.tar").toString()));
    text.append(told("export", "exo/none", "-o", archive.toString()));
    text.append(told("export", "hf://exo/demo/config.json", "-o", archive.toString()));
    text.append(told("export", "exo/demo", "--include", "*.x", "-o", archive.toString()));
    text.append(told("import"));
    text.append(told("import", root.resolve("none.tar").toString()));
    text.append(told("import", root.toString()));
    text.append(told("import", archive.toString()));
    text.append(told("import", archive.toString(), "--json", "-q"));
    Harness terminal = harness();
    terminal.console.inTerminal = true;
    terminal.console.outTerminal = true;
    text.append(terminal.transcript("import", "-"));
    text.append(terminal.transcript("export", "exo/demo", "-o", "-"));
    Golden.check("export-import-not.txt", text.toString());
  }

  @Test
  void throughAPipe() throws IOException {
    Harness export = harness();
    assertEquals(0, export.run("export", "exo/demo", "-o", "-", "-q"), export.console.stderr());
    byte[] piped = export.console.bytes.toByteArray();
    assertEquals(0, harness().run("export", "exo/demo", "-o", archive.toString(), "-q"));
    assertArrayEquals(Files.readAllBytes(archive), piped);

    Harness imported = harness();
    imported.environment.put("HF_HUB_CACHE", root.resolve("piped").toString());
    imported.console.in = new ByteArrayInputStream(piped);
    assertEquals(0, imported.run("import", "-", "-q"), imported.console.stderr());
    Path snapshot = Path.of(imported.console.stdout().strip());
    assertTrue(snapshot.startsWith(root.resolve("piped")));
    assertTrue(Files.size(snapshot.resolve("config.json")) > 0);
  }
}
