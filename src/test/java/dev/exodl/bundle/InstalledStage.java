package dev.exodl.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;

/** Runs the built program, and whatever looks at it, in the test's own environment. */
abstract class InstalledStage {
  static final Path HOME = Path.of(System.getProperty("exodl.home"));
  static final Path LAUNCHER = HOME.resolve("bin/exo-dl");

  @TempDir Path temp;

  record Ended(int code, String out, String err) {}

  Ended run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(temp, "out", "");
    Path err = Files.createTempFile(temp, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(command))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 60 s: " + List.of(command));
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
