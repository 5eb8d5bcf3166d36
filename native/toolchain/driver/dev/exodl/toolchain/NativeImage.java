package dev.exodl.toolchain;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** The entry: {@code NativeImage HOME ARGUMENT...}, where HOME is the toolchain's folder. */
public final class NativeImage {

  /** The command was called wrongly: an unknown option, no main class, a missing file. */
  static final int USAGE = 2;

  private NativeImage() {}

  /** Runs the command and exits with {@link #run}'s code. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), Path.of("").toAbsolutePath(), System.out, System.err));
  }

  /**
   * Runs the command.
   *
   * @param arguments the home's folder and the user's arguments
   * @param folder what relative paths are relative to
   * @return 0, 2 when the call is wrong, else what the builder ended with
   */
  static int run(List<String> arguments, Path folder, PrintStream out, PrintStream err) {
    try {
      if (arguments.isEmpty()) {
        throw new UsageException("the first argument must be the toolchain's folder");
      }
      var home = Home.at(Path.of(arguments.getFirst()));
      var words = ArgumentFile.expand(arguments.subList(1, arguments.size()), folder);
      return switch (CommandLine.parse(words, folder)) {
        case Request.Help _ -> print(out, Help.text());
        case Request.Version _ -> print(out, home.version().text());
        case Request.Build build -> build(home, build, out, err);
      };
    } catch (UsageException e) {
      err.println("native-image: " + e.getMessage());
      return USAGE;
    } catch (IOException e) {
      err.println("native-image: cannot read or write: " + e.getMessage());
      return 1;
    }
  }

  private static int build(Home home, Request.Build build, PrintStream out, PrintStream err)
      throws IOException {
    var command = BuilderCommand.of(home, build);
    if (build.dryRun()) {
      return print(out, String.join("\n", command.words()) + "\n");
    }
    if (build.verbose()) {
      out.println("Executing:\n" + String.join("\n", command.words()));
    }
    return Builder.run(command, err);
  }

  private static int print(PrintStream out, String text) {
    out.print(text);
    out.flush();
    return 0;
  }
}
