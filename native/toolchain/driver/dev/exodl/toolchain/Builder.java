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

  private Process process;
  private boolean ended;

  private Builder() {}

  /**
   * Runs it with this process's input and output until it ends. When this process is asked to end,
   * so is the builder.
   *
   * @return what it ended with
   */
  static int run(BuilderCommand command, PrintStream err) throws IOException {
    // In a file, as the module options alone are longer than some systems let a command line be.
    // Its
    // name is what a list of processes shows.
    var arguments = Files.createTempFile("NativeImageGeneratorRunner-", ".args");
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
    var code = new Builder().await(builder);
    if (code == KILLED) {
      err.println(
          "native-image: the builder was killed, most likely for want of memory: free some (it uses up to 7 GiB for"
              + " a large program), or give it less with -J-Xmx3g");
    }
    return code;
  }

  private int await(ProcessBuilder builder) throws IOException {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
    return start(builder).onExit().join().exitValue();
  }

  /** Holds off {@link #end}, so that no builder is started behind its back. */
  private synchronized Process start(ProcessBuilder builder) throws IOException {
    if (ended) {
      throw new IOException("stopped before the builder was started");
    }
    process = builder.start();
    return process;
  }

  private synchronized void end() {
    ended = true;
    if (process == null) {
      return;
    }
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
