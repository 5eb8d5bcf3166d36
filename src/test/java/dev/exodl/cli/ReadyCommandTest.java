package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.Sync;
import dev.exodl.download.SyncResult;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import dev.exodl.model.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that a user wants run when the layers are here; the sync is a real one. */
class ReadyCommandTest {
  @TempDir Path folder;

  private final HubEmulator hub = HubEmulator.start();
  private final Harness harness = new Harness();
  private HubRepo repo;

  @BeforeEach
  void begin() {
    // A name that a shell would act on, were it put into the command's text.
    harness.environment.put("HF_HUB_CACHE", folder.resolve("a $(touch here) 'b").toString());
    harness.environment.put("HF_ENDPOINT", hub.url());
    harness.sync = s -> new Sync(harness.settings, s.listener(), s.board()).run(s.request());
    repo = hub.model("exo/layers");
    new LayeredModel(32, 128).safetensors(repo, 8);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private int run(String command, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of("sync", "exo/layers", "--shard", "2/4", "--on-shard-ready", command));
    line.addAll(List.of(more));
    return harness.run(line.toArray(String[]::new));
  }

  private static boolean isWeights(Path file) {
    return file.toString().endsWith(".safetensors");
  }

  @Test
  void itIsToldWhatIsWhereAndPrintsNothingAmongTheResults() throws Exception {
    Path told = folder.resolve("told");
    assertEquals(
        0,
        run(
            "echo noise; ls \"$EXO_DL_PATH\" > '"
                + folder.resolve("ls")
                + "'; env | grep ^EXO_DL_ | sort > '"
                + told
                + "'",
            "--then-complete"));
    Path snapshot = Path.of(harness.console.stdout().strip());
    assertEquals(
        List.of(
            "EXO_DL_COMMIT=" + repo.head().sha(),
            "EXO_DL_LAYERS=8-15",
            "EXO_DL_LAYER_COUNT=32",
            "EXO_DL_MODEL=exo/layers",
            "EXO_DL_PATH=" + snapshot),
        Files.readAllLines(told).stream().filter(l -> !l.startsWith("EXO_DL_JAVA")).toList());
    List<String> there = Files.readAllLines(folder.resolve("ls"));
    assertTrue(there.contains("model-00003-of-00008.safetensors"), there::toString);
    assertTrue(there.contains("model-00004-of-00008.safetensors"), there::toString);
    try (var files = Files.list(snapshot)) {
      assertEquals(8, files.filter(ReadyCommandTest::isWeights).count(), "and then the rest");
    }
    assertFalse(Files.exists(Path.of("here")));
    String said = "layers 8-15 of 32 are ready: 2 files of weights are whole and verified\n";
    assertTrue(harness.console.stderr().contains(said), harness.console.stderr());
    assertFalse(harness.console.stderr().contains("warning"), harness.console.stderr());
  }

  @Test
  void itIsAwaitedAndItsFailureIsAWarning() {
    Path after = folder.resolve("after");
    assertEquals(0, run("sleep 0.3; touch '" + after + "'; exit 3"));
    assertTrue(Files.exists(after));
    String said = "warning: the command of --on-shard-ready ended with 3\n";
    assertTrue(harness.console.stderr().contains(said), harness.console.stderr());
  }

  @Test
  void aSignalEndsItWithAllThatItBegan() throws Exception {
    Path told = folder.resolve("told");
    List<Integer> ended = new CopyOnWriteArrayList<>();
    harness.stopper = new Stopper(code -> {}, ended::add);
    AtomicBoolean isDone = new AtomicBoolean();
    harness.sync =
        s -> {
          SyncResult result = new Sync(harness.settings, s.listener(), s.board()).run(s.request());
          isDone.set(true);
          return result;
        };
    String command = "sleep 300 & echo $$ $! > '" + told + "~'; mv '" + told + "~' '" + told + "'";
    Thread running = Thread.ofPlatform().daemon().start(() -> run(command + "; wait"));
    while (!isDone.get() || !Files.exists(told) || running.getState() != Thread.State.WAITING) {
      Thread.sleep(10);
    }
    List<ProcessHandle> begun = new ArrayList<>();
    for (String id : Files.readString(told).strip().split(" ")) {
      begun.add(ProcessHandle.of(Long.parseLong(id)).orElseThrow());
    }
    harness.stopper.signalled(ExitCode.TERMINATED);
    assertEquals(List.of(ExitCode.TERMINATED.number()), ended);
    for (ProcessHandle one : begun) {
      one.onExit().get(10, TimeUnit.SECONDS);
    }
    running.join();
    assertFalse(harness.console.stderr().contains("warning"), harness.console.stderr());
  }

  @Test
  void itDoesNotRunWhereTheSyncFails() {
    Path after = folder.resolve("after");
    repo.disable();
    assertTrue(run("touch '" + after + "'") != 0);
    assertFalse(Files.exists(after));
  }

  @Test
  void programsAreToldByAnEvent() {
    assertEquals(0, harness.run("sync", "exo/layers", "--layers=31", "--progress", "json"));
    String event = "{\"v\":1,\"event\":\"shardReady\",\"layers\":\"31\",\"path\":\"";
    assertTrue(harness.console.stderr().contains(event), harness.console.stderr());
    assertTrue(harness.console.stderr().contains("\"weightFiles\":1,\"weightFileBytes\":"));
  }
}
