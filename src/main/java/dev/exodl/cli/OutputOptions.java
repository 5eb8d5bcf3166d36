package dev.exodl.cli;

import dev.exodl.cli.settings.ProgressStyle;
import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.BarDisplay;
import dev.exodl.cli.show.Display;
import dev.exodl.cli.show.JsonDisplay;
import dev.exodl.cli.show.NoDisplay;
import dev.exodl.cli.show.PlainDisplay;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command tells what it does. */
final class OutputOptions {
  @Option(
      names = "--json",
      description = "End with one JSON object on stdout, also on failure (docs/json-output.md).")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only failures, and the result.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Also requests and decisions; -vv also stack traces.")
  boolean[] verbose = {};

  @Option(
      names = "--progress",
      paramLabel = "STYLE",
      description =
          "auto, bar, plain, json or none. Default: auto, bars on a terminal, else lines.")
  @Nullable ProgressStyle progress;

  Verbosity verbosity(Settings settings) {
    if (quiet) {
      return Verbosity.QUIET;
    }
    if (verbose.length > 0) {
      return verbose.length > 1 ? Verbosity.DEBUG : Verbosity.VERBOSE;
    }
    return settings.debug() ? Verbosity.DEBUG : settings.verbosity();
  }

  Display display(Program program) {
    Verbosity verbosity = verbosity(program.settings());
    Console console = program.console();
    ProgressStyle style = progress == null ? program.settings().progress() : progress;
    if (verbosity == Verbosity.QUIET && progress == null) {
      style = ProgressStyle.NONE;
    }
    return switch (style) {
      case AUTO ->
          console.errIsTerminal()
              ? new BarDisplay(console.err(), verbosity, System::nanoTime)
              : new PlainDisplay(console.err(), verbosity, System::nanoTime);
      case BAR -> new BarDisplay(console.err(), verbosity, System::nanoTime);
      case PLAIN -> new PlainDisplay(console.err(), verbosity, System::nanoTime);
      case JSON -> new JsonDisplay(console.err(), System::nanoTime);
      case NONE -> new NoDisplay(console.err(), verbosity);
    };
  }
}
