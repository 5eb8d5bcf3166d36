package dev.exodl.cli;

import dev.exodl.cli.settings.ProgressStyle;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.BarDisplay;
import dev.exodl.cli.show.Display;
import dev.exodl.cli.show.JsonDisplay;
import dev.exodl.cli.show.NoDisplay;
import dev.exodl.cli.show.PlainDisplay;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command that takes a while shows it. */
final class ProgressOptions extends OutputOptions {
  @Option(
      names = "--progress",
      paramLabel = "STYLE",
      description =
          "auto, bar, plain, json or none. Default: auto, bars on a terminal, else lines.")
  @Nullable ProgressStyle progress;

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
