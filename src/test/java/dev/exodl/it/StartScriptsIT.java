package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.recipes.FakeProgram;
import dev.exodl.recipes.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The scripts of docs/recipes/engines with the built program, and stand-ins for the engines. */
class StartScriptsIT {
  @RegisterExtension final ItStage stage = new ItStage();

  private FakeProgram vllm;
  private FakeProgram llama;
  private FakeProgram exo;

  @BeforeEach
  void engines() throws IOException {
    Path bin = Files.createDirectory(stage.folder().resolve("bin"));
    Files.createSymbolicLink(bin.resolve("exo-dl"), Program.LAUNCHER);
    vllm = FakeProgram.in(bin, "vllm");
    llama = FakeProgram.in(bin, "llama-server");
    exo = FakeProgram.in(bin, "exo");
  }

  private Program.Ended run(String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add("env");
    command.add("PATH=" + stage.folder().resolve("bin") + ":" + System.getenv("PATH"));
    command.add("HF_HUB_CACHE=" + stage.cache());
    command.add("EXO_DEFAULT_MODELS_DIR=" + stage.folder().resolve("exo-models"));
    command.add("bash");
    command.add(Recipes.FOLDER.resolve("engines").resolve(script).toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    try (Program.Running running = stage.program().command(command.toArray(String[]::new))) {
      return running.ended();
    }
  }

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{}").lfs("model.safetensors", RepoContent.random(1, 3 << 20));
    repo.commit("first");
    return repo;
  }

  @Test
  void vllmStartsWithTheSnapshotAndAsksNobody() throws Exception {
    HubRepo repo = model();
    Program.Ended ended = run("vllm.sh", "org/model@main", "--max-model-len", "8192");
    assertEquals(0, ended.code(), ended::toString);
    ItStage.assertWhole(repo, stage.snapshot(repo));
    assertEquals(
        List.of(
            "serve "
                + stage.snapshot(repo)
                + " --served-model-name org/model --max-model-len 8192"),
        vllm.calls());
    assertTrue(vllm.environment().contains("HF_HUB_OFFLINE=1"));
    assertTrue(vllm.environment().contains("HF_HUB_CACHE=" + stage.cache()));
  }

  @Test
  void llamaServerStartsWithTheFirstPartOfWhatWasChosen() throws Exception {
    HubRepo repo = stage.hub().model("org/model-GGUF");
    for (String name :
        List.of("m-Q4-00001-of-00002.gguf", "m-Q4-00002-of-00002.gguf", "m-Q8.gguf")) {
      repo.lfs(name, RepoContent.random(name.hashCode(), 1 << 20));
    }
    repo.commit("first");
    Program.Ended ended = run("llama-cpp.sh", "org/model-GGUF", "*Q4*", "--port", "8080");
    assertEquals(0, ended.code(), ended::toString);
    Path first = stage.snapshot(repo).resolve("m-Q4-00001-of-00002.gguf");
    assertEquals(
        List.of("--model " + first + " --alias org/model-GGUF --port 8080"), llama.calls());
    assertTrue(llama.environment().contains("LLAMA_ARG_OFFLINE=1"));
    assertTrue(Files.exists(first.resolveSibling("m-Q4-00002-of-00002.gguf")));
    assertFalse(Files.exists(first.resolveSibling("m-Q8.gguf")));
  }

  @Test
  void exoStartsWithTheModelInItsFolder() throws Exception {
    HubRepo repo = model();
    Path models = Files.createDirectory(stage.folder().resolve("exo-models"));
    Files.createDirectory(stage.cache());
    Program.Ended ended = run("exo.sh", "org/model", "--", "--api-port", "1");
    assertEquals(0, ended.code(), ended::toString);
    ItStage.assertWhole(repo, models.resolve("org--model"));
    assertEquals(List.of("--api-port 1"), exo.calls());
    assertTrue(exo.environment().contains("EXO_OFFLINE=true"));
  }

  @Test
  void aModelThatIsNotThereStartsNothing() throws Exception {
    Files.createDirectory(stage.cache());
    Program.Ended ended = run("vllm.sh", "org/gone");
    assertEquals(11, ended.code(), ended::toString);
    assertEquals(List.of(), vllm.calls());
  }
}
