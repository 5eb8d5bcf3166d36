package dev.exodl.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs scripts with an environment of their own, and writes small ones. */
final class Script {
  private Script() {}

  /** What a script said on both streams, in order, and ended with. */
  record Ended(int code, String said) {}

  /** Runs a command; {@code environment} is all that it gets besides PATH. */
  static Ended run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("said", "");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(List.of(command))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile());
      String path = String.valueOf(System.getenv("PATH"));
      builder.environment().clear();
      builder.environment().put("PATH", path);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after 120 s: " + List.of(command));
      }
      return new Ended(process.exitValue(), Files.readString(said));
    } finally {
      Files.delete(said);
    }
  }

  /** Writes a shell script that can be run. */
  static Path write(Path file, String text) throws IOException {
    put(file, "#!/bin/sh\n" + text);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
    return file;
  }

  /** Writes a file into a folder that may not be there yet. */
  static void put(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Copies a file of this project, with its permissions. */
  static void copy(String name, Path project) throws IOException {
    Path copy = project.resolve(name);
    Files.createDirectories(copy.getParent());
    Files.copy(Path.of(name), copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
  }
}
