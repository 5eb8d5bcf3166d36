package dev.exodl.cli;

import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.Verbosity;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How a command tells what it does. */
class OutputOptions {
  @Option(names = "--json", description = "End with one JSON object on stdout, also on failure.")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only failures, and the result.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Tell more; -vv also stack traces.")
  boolean[] verbose = {};

  Verbosity verbosity(Settings settings) {
    if (quiet) {
      return Verbosity.QUIET;
    }
    if (verbose.length > 0) {
      return verbose.length > 1 ? Verbosity.DEBUG : Verbosity.VERBOSE;
    }
    return settings.debug() ? Verbosity.DEBUG : settings.verbosity();
  }

  /** Tells what is doubtful about the settings, which no command fails of. */
  void warn(Program program, Consumer<String> tell) {
    if (!quiet) {
      program.lookup().warnings().forEach(w -> tell.accept("warning: " + w));
    }
  }
}
