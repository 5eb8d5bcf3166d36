package dev.exodl.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the built program, with an environment that holds nothing of the user's. */
final class Program {
  static final Path LAUNCHER =
      Path.of(System.getProperty("exodl.home")).resolve("bin/exo-dl").toAbsolutePath();

  private static final int LONGEST_SECONDS = 120;

  private final Path temp;
  private final String endpoint;

  /**
   * Processes that use a hub, and have their home below {@code temp}.
   *
   * @param endpoint the hub's address
   */
  Program(Path temp, String endpoint) {
    this.temp = temp;
    this.endpoint = endpoint;
  }

  /** What a process answered. */
  record Ended(int code, String out, String err) {
    /** The last line of stderr: the message of a failure. */
    String message() {
      return err.lines().reduce((first, second) -> second).orElse("");
    }

    @Override
    public String toString() {
      return "exit code " + code + "\nstdout: " + out + "\nstderr: " + err;
    }
  }

  /** A process that was started. Closing kills it when it still runs. */
  record Running(Process process, Path out, Path err) implements AutoCloseable {
    /** Waits for its end. */
    Ended ended() throws IOException, InterruptedException {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running after " + LONGEST_SECONDS + " s: " + errSoFar());
      }
      return new Ended(process.exitValue(), Files.readString(out), errSoFar());
    }

    String errSoFar() throws IOException {
      return Files.readString(err);
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    /** Sends INT or TERM. */
    void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-s", name, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** The program with these arguments, to its end. */
  Ended run(String... arguments) throws IOException, InterruptedException {
    try (Running running = start(arguments)) {
      return running.ended();
    }
  }

  /** The program with these arguments. */
  Running start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    return command(command.toArray(String[]::new));
  }

  /** Any command in the program's environment. */
  Running command(String... command) throws IOException {
    Path out = Files.createTempFile(temp, "out", "");
    Path err = Files.createTempFile(temp, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(temp.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    String path = environment.get("PATH");
    environment.clear();
    environment.put("PATH", path);
    environment.put("HOME", Files.createDirectories(temp.resolve("home")).toString());
    environment.put("HF_ENDPOINT", endpoint);
    return new Running(builder.start(), out, err);
  }
}
