package dev.exodl.toolchain;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs the builder. */
final class Builder {

  /**
   * 128 and the number of SIGKILL: what a process ends with that the kernel stopped for want of
   * memory.
   */
  private static final int KILLED = 137;

  private static final long GRACE_SECONDS = 5;

  private Builder() {}

  /**
   * Runs it with this process's input and output until it ends. When this process is asked to end,
   * so is the builder.
   *
   * @return what it ended with
   */
  static int run(BuilderCommand command, PrintStream err) throws IOException {
    // In a file, because the module options alone are longer than some systems let a command line
    // be.
    var arguments = Files.createTempFile("native-image-", ".args");
    arguments.toFile().deleteOnExit();
    Files.writeString(
        arguments,
        command.words().stream()
            .skip(1)
            .map(ArgumentFile::quote)
            .collect(Collectors.joining("\n", "", "\n")));
    var builder =
        new ProcessBuilder(command.words().getFirst(), "@" + arguments)
            .directory(command.folder().toFile())
            .inheritIO();
    builder.environment().clear();
    builder.environment().putAll(command.environment());
    return await(builder.start(), err);
  }

  private static int await(Process process, PrintStream err) {
    var end = Thread.ofPlatform().unstarted(() -> end(process));
    Runtime.getRuntime().addShutdownHook(end);
    var code = process.onExit().join().exitValue();
    if (code == KILLED) {
      err.println(
          "native-image: the builder was killed, most likely for want of memory: free some (it uses up to 7 GiB for"
              + " a large program), or give it less with -J-Xmx3g");
    }
    return code;
  }

  private static void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
