package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubEmulator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: streams, signals, exit codes. */
class ProgramIT {
  private static final String LAUNCHER = System.getProperty("exodl.home") + "/bin/exo-dl";

  @TempDir Path temp;

  private HubEmulator hub;

  @BeforeEach
  void start() {
    hub = HubEmulator.start();
    Fixtures.safetensorsModel(hub.model("exo/demo"), 64 << 20, 4);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private Process process(File out, String... args) throws IOException {
    // Also where this JVM was started with the signals ignored, as by nohup or "&" in a script.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM", LAUNCHER));
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(temp.toFile())
            .redirectOutput(out)
            .redirectError(temp.resolve("err").toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(HF_|EXO_DL_|.*(?i)proxy).*"));
    builder.environment().put("HOME", temp.toString());
    builder.environment().put("HF_ENDPOINT", hub.url());
    return builder.start();
  }

  private int run(String... args) throws Exception {
    return ended(process(temp.resolve("out").toFile(), args));
  }

  private static int ended(Process process) throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 60 s");
    }
    return process.exitValue();
  }

  private String out() throws IOException {
    return Files.readString(temp.resolve("out"));
  }

  private String err() throws IOException {
    return Files.readString(temp.resolve("err"));
  }

  @Test
  void stdoutIsThePathAndNothingElse() throws Exception {
    assertEquals(0, run("sync", "exo/demo"), err());
    Path snapshot = Path.of(out().strip());
    assertTrue(Files.exists(snapshot.resolve("model-00001-of-00004.safetensors")), out());
    assertEquals(1, out().lines().count());
    assertFalse(err().contains("\u001b"), "no control characters where there is no terminal");
  }

  @Test
  void aSignalStopsAtOnceAndTheSameCommandGoesOn() throws Exception {
    hub.settings().perConnectionRate(1 << 20);
    stopped("INT", 130, "exo-dl: interrupted; ");
    stopped("TERM", 143, "exo-dl: terminated; ");
    hub.settings().perConnectionRate(0);
    assertEquals(0, run("sync", "exo/demo", "--json", "-q"), err());
    assertTrue(out().startsWith("{\"v\":1,\"ok\":true,\"exitCode\":0,\"path\":"), out());
    assertEquals(0, run("verify", "exo/demo", "--offline"), out());
  }

  private void stopped(String signal, int code, String line) throws Exception {
    Process process = process(temp.resolve("out").toFile(), "sync", "exo/demo");
    for (int i = 0; i < 300 && !err().contains("to fetch"); i++) {
      Thread.sleep(50);
    }
    Thread.sleep(500);
    long at = System.nanoTime();
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    assertEquals(code, ended(process), err());
    assertTrue(System.nanoTime() - at < TimeUnit.SECONDS.toNanos(5), "it took too long");
    assertTrue(err().contains(line), err());
    assertTrue(err().endsWith(" are kept: run the same command again to go on\n"), err());
    assertEquals("", out());
  }

  @Test
  void theFolderTheUserIsInDoesNotConfigureTheProgram() throws Exception {
    Files.writeString(temp.resolve(".env"), "HF_ENDPOINT=http://127.0.0.1:9\nX=C:\\users\n");
    Files.createDirectories(temp.resolve("config"));
    Files.writeString(temp.resolve("config/application.properties"), "quarkus.log.level=NOSUCH\n");
    assertEquals(0, run("sync", "exo/demo", "config.json", "--local-dir", "here", "-q"), err());
    assertEquals(temp.resolve("here/config.json") + "\n", out());
  }

  @Test
  void aBadConfigFileIsOneLine() throws Exception {
    Path config = Files.createDirectories(temp.resolve(".config/exo-dl")).resolve("config.yaml");
    Files.writeString(config, "max-rats: 3\n");
    assertEquals(2, run("sync", "exo/demo"));
    assertEquals(
        "exo-dl: unknown setting 'max-rats' (" + config + ":1); did you mean 'max-rate'?\n", err());
    Files.writeString(config, "max-rate: 3GB\nverbosity: quiet\nprogress: none\n");
    assertEquals(0, run("sync", "exo/demo", "config.json"), err());
    assertEquals("", err());
  }

  @Test
  void aResultThatCannotBeWrittenIsAFailure() throws Exception {
    File full = new File("/dev/full");
    if (!full.exists()) {
      System.out.println("not tested here: this system has no /dev/full");
      return;
    }
    assertEquals(14, ended(process(full, "sync", "exo/demo", "config.json")), err());
    assertTrue(err().contains("the result could not be written"), err());
    assertEquals(14, ended(process(full, "--version")), err());
  }
}
