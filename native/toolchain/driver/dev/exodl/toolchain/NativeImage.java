package dev.exodl.toolchain;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The entry: {@code NativeImage HOME ARGUMENT...}, where HOME is the toolchain's folder. */
public final class NativeImage {

  /** The command was called wrongly: an unknown option, no main class, a missing file. */
  static final int USAGE = 2;

  private NativeImage() {}

  /** Runs the command and exits with {@link #run}'s code. */
  public static void main(String[] arguments) {
    var folder = Path.of("").toAbsolutePath();
    System.exit(run(List.of(arguments), folder, System.getenv(), System.out, System.err));
  }

  /**
   * Runs the command.
   *
   * @param arguments the home's folder and the user's arguments
   * @param folder what relative paths are relative to
   * @param environment its {@code NATIVE_IMAGE_OPTIONS} come before the user's arguments
   * @return 0, 2 when the call is wrong, else what the builder ended with
   */
  static int run(
      List<String> arguments,
      Path folder,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    try {
      if (arguments.isEmpty()) {
        throw new UsageException("the first argument must be the toolchain's folder");
      }
      var home = Home.at(Path.of(arguments.getFirst()));
      var words =
          new ArrayList<>(
              ArgumentFile.words(environment.getOrDefault("NATIVE_IMAGE_OPTIONS", ""), false));
      words.addAll(arguments.subList(1, arguments.size()));
      return switch (CommandLine.parse(ArgumentFile.expand(words, folder), folder, environment)) {
        case Request.Help _ -> print(out, Help.text());
        case Request.Version _ -> print(out, home.version().text());
        case Request.Build build -> build(BuilderCommand.of(home, build), build, out, err);
      };
    } catch (UsageException e) {
      err.println("native-image: " + e.getMessage());
      return USAGE;
    } catch (IOException e) {
      err.println("native-image: cannot read or write: " + e.getMessage());
      return 1;
    }
  }

  private static int build(
      BuilderCommand command, Request.Build build, PrintStream out, PrintStream err)
      throws IOException {
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
