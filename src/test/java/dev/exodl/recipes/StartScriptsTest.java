package dev.exodl.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of docs/recipes/engines with stand-ins; StartScriptsIT has the real exo-dl in it. */
class StartScriptsTest {
  @TempDir Path folder;

  private Path bin;
  private Path snapshot;
  private FakeProgram sync;
  private FakeProgram sleep;

  @BeforeEach
  void programs() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    snapshot = Files.createDirectory(folder.resolve("snap shot"));
    sync = FakeProgram.in(bin, "exo-dl").answering(snapshot + "\n");
    sleep = FakeProgram.in(bin, "sleep");
    for (String engine : List.of("vllm", "llama-server", "exo")) {
      FakeProgram.in(bin, engine);
    }
  }

  private List<String> calls(String engine) throws IOException {
    return new FakeProgram(bin.resolve(engine)).calls();
  }

  private String run(String options, String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "SYNC_OPTIONS=" + options));
    command.add("PATH=" + bin + ":" + System.getenv("PATH"));
    command.addAll(List.of("bash", Recipes.FOLDER.resolve("engines").resolve(script).toString()));
    command.addAll(List.of(arguments));
    return Recipes.said(command.toArray(String[]::new));
  }

  @Test
  void theyWaitForTheNetworkAndTheCluster() throws Exception {
    Files.writeString(snapshot.resolve("a.gguf"), "");
    assertEquals("", run("", sync("12 15 0"), "vllm.sh", "org/m@v1", "--port", "1"));
    assertEquals(List.of("sync org/m@v1", "sync org/m@v1", "sync org/m@v1"), sync.calls());
    assertEquals(List.of("30", "30"), sleep.calls());
    assertEquals(
        List.of("serve " + snapshot + " --served-model-name org/m --port 1"), calls("vllm"));

    assertEquals("", run("--cluster=lab --wait-for 4", sync("12 0"), "llama-cpp.sh", "org/m", "*"));
    assertEquals("sync org/m --include * --cluster=lab --wait-for 4", sync.calls().getLast());
    assertEquals(3, sleep.calls().size());
    assertEquals(List.of("--model " + snapshot + "/a.gguf --alias org/m"), calls("llama-server"));

    String said = run("--no-reuse", sync("15 0 0"), "exo.sh", "org/a", "org/b", "--", "-v");
    assertTrue(said.contains("org/a is in " + snapshot + "\n"), said);
    assertEquals(
        List.of("a", "a", "b").stream()
            .map("sync org/%s --layout exo --no-reuse"::formatted)
            .toList(),
        sync.calls().subList(5, 8));
    assertEquals(List.of("-v"), calls("exo"));
  }

  private FakeProgram sync(String codes) throws IOException {
    return sync.ending(codes);
  }

  private String run(String options, FakeProgram ready, String script, String... arguments)
      throws Exception {
    assertEquals(sync, ready);
    return run(options, script, arguments);
  }

  @Test
  void whatDoesNotPassEndsThem() throws Exception {
    for (String script : List.of("vllm.sh", "llama-cpp.sh", "exo.sh")) {
      for (int code : List.of(1, 10, 11, 14)) {
        sync.ending(code + " 0");
        assertEquals("exit code " + code + ": ", run("", script, "org/m", "*"));
      }
    }
    assertEquals(List.of(), sleep.calls());
    for (String engine : List.of("vllm", "llama-server", "exo")) {
      assertEquals(List.of(), calls(engine));
    }
  }

  @Test
  void withoutAModelTheySayWhatTheyNeed() throws Exception {
    assertTrue(run("", "vllm.sh").startsWith("exit code 2: usage: vllm.sh ORG/MODEL[@REV] "));
    assertTrue(run("", "llama-cpp.sh", "org/m").startsWith("exit code 2: usage: llama-cpp.sh "));
    assertTrue(
        run("", "exo.sh", "--").startsWith("exit code 2: usage: exo.sh ORG/MODEL[@REV]... "));
    assertEquals(List.of(), sync.calls());
  }

  @Test
  void llamaCppGetsOneModelOrNone() throws Exception {
    String none = run("", "llama-cpp.sh", "org/m", "*Q4*");
    assertTrue(none.contains("*Q4* stands for 0 models in org/m"), none);
    Files.createDirectory(snapshot.resolve("Q4"));
    for (String name :
        List.of(
            "Q4/m-00001-of-00002.gguf",
            "Q4/m-00002-of-00002.gguf",
            "mmproj-Q4.gguf",
            "m-Q8.gguf")) {
      Files.writeString(snapshot.resolve(name), "");
    }
    assertEquals("", run("", "llama-cpp.sh", "org/m", "*Q4*"));
    assertEquals(
        List.of("--model " + snapshot + "/Q4/m-00001-of-00002.gguf --alias org/m"),
        calls("llama-server"));
    String two = run("", "llama-cpp.sh", "org/m", "*.gguf");
    assertTrue(two.startsWith("exit code 2: ") && two.contains("stands for 2 models"), two);
    assertEquals(1, calls("llama-server").size());
  }
}
