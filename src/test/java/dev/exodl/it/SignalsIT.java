package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and TERM stop at once, keep what is here, and say how to go on. */
class SignalsIT {
  private static final int SIZE = 96 << 20;

  @RegisterExtension final ItStage stage = new ItStage();

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{}").lfs("model.bin", RepoContent.random(1, SIZE)).commit("first");
    repo.blob("model.bin").etag();
    return repo;
  }

  /** A run that can be interrupted even when this JVM was started with the signals ignored. */
  private Program.Running interruptible(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("env", "--default-signal=INT,TERM", Program.LAUNCHER.toString()));
    command.addAll(Arrays.asList(arguments));
    return stage.program().command(command.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"INT, 130, interrupted", "TERM, 143, terminated"})
  void stopsAndGoesOn(String signal, int code, String word) throws Exception {
    HubRepo repo = model();
    stage.hub().settings().totalRate(40 << 20);
    try (Program.Running run = interruptible(stage.sync(repo))) {
      assertTrue(stage.hub().log().awaitFileBytes(24 << 20, Duration.ofSeconds(60)));
      run.signal(signal);
      assertTrue(run.process().waitFor(5, TimeUnit.SECONDS), "it stops at once");
      Program.Ended ended = run.ended();
      assertEquals(code, ended.code(), ended::toString);
      assertEquals("", ended.out());
      assertTrue(
          ended
              .message()
              .matches(
                  "exo-dl: "
                      + word
                      + "; [0-9.]+ MB of 101 MB are kept: run the same command again to go on"),
          ended::toString);
    }
    assertTrue(Files.notExists(stage.snapshot(repo).resolve("model.bin")), "nothing half-visible");

    stage.hub().settings().totalRate(0);
    stage.assertWhole(repo, stage.program().run(stage.sync(repo)));
    assertTrue(stage.cdnBytes() <= SIZE + (16L << 20), "what was here was not fetched again");
  }

  @Test
  void theSecondSignalEndsItWithoutAsking() throws Exception {
    HubRepo repo = model();
    stage.hub().settings().totalRate(20 << 20);
    try (Program.Running run = interruptible(stage.sync(repo))) {
      assertTrue(stage.hub().log().awaitFileBytes(8 << 20, Duration.ofSeconds(60)));
      run.signal("INT");
      run.signal("INT");
      assertTrue(run.process().waitFor(5, TimeUnit.SECONDS), "it stops at once");
      assertEquals(130, run.ended().code());
    }
  }

  @Test
  void endsWithAnObjectAlsoWhenInterrupted() throws Exception {
    HubRepo repo = model();
    stage.hub().settings().totalRate(20 << 20);
    try (Program.Running run = interruptible(stage.sync(repo, "--json"))) {
      assertTrue(stage.hub().log().awaitFileBytes(8 << 20, Duration.ofSeconds(60)));
      run.signal("INT");
      Program.Ended ended = run.ended();
      assertEquals(130, ended.code(), ended::toString);
      assertEquals(1, ended.out().lines().count(), ended::toString);
      assertTrue(ended.out().contains("\"exitCode\":130"), ended::toString);
    }
  }
}
