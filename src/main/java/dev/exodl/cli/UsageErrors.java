package dev.exodl.cli;

import dev.exodl.cli.settings.Suggest;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Makes one clear failure of what is wrong with a command line. */
final class UsageErrors {
  private UsageErrors() {}

  static Failure of(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String where = command.getCommandSpec().qualifiedName(" ");
    String help = "see '" + where + " --help'";
    if (e.getCause() instanceof FailureException known) {
      return known.failure();
    }
    return switch (e) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched, command, where, help);
      case MissingParameterException missing ->
          new Failure.Usage("missing " + names(missing.getMissing()), where, help);
      default -> new Failure.Usage(oneLine(String.valueOf(e.getMessage())), where, help);
    };
  }

  /**
   * Of a line that asks for help: picocli lets anything else stand there then.
   *
   * @throws UnmatchedArgumentException as it would be without the wish for help
   */
  static void refuseUnknownCommand(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    CommandLine command = last.commandSpec().commandLine();
    List<String> words = last.unmatched().stream().filter(w -> !w.startsWith("-")).toList();
    if (!command.getSubcommands().isEmpty() && !words.isEmpty()) {
      throw new UnmatchedArgumentException(command, words);
    }
  }

  private static Failure unmatched(
      UnmatchedArgumentException e, CommandLine command, String where, String help) {
    String word = e.getUnmatched().getFirst();
    boolean top = command.getParent() == null || !command.getSubcommands().isEmpty();
    if (word.startsWith("-")) {
      String name = word.replaceFirst("=.*", "");
      Optional<String> near = Suggest.nearest(name, options(command));
      return new Failure.Usage(
          "unknown option '" + Printable.of(name) + "'", where, next(near, help));
    }
    if (!top) {
      return new Failure.Usage("unexpected '" + Printable.of(word) + "'", where, help);
    }
    Optional<String> near = Suggest.nearest(word, command.getSubcommands().keySet());
    if (near.isEmpty() && (word.equals("download") || word.contains("/"))) {
      near = Optional.of(word.contains("/") ? "sync " + Printable.of(word) : "sync");
    }
    return new Failure.Usage(
        "unknown command '" + Printable.of(word) + "'",
        where,
        next(near.map(n -> where + " " + n), help));
  }

  private static String next(Optional<String> near, String help) {
    return near.map(n -> "did you mean '" + n + "'? " + help).orElse(help);
  }

  private static List<String> options(CommandLine command) {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        names.addAll(List.of(option.names()));
      }
    }
    return names;
  }

  private static String names(List<ArgSpec> missing) {
    return missing.stream().map(UsageErrors::name).collect(Collectors.joining(", "));
  }

  private static String name(ArgSpec missing) {
    return missing instanceof OptionSpec option
        ? "'" + option.longestName() + "=" + option.paramLabel() + "'"
        : missing.paramLabel();
  }

  private static String oneLine(String message) {
    String line = Printable.of(message.lines().map(String::strip).collect(Collectors.joining(" ")));
    line = line.replaceFirst("^Invalid value for option", "bad value for");
    line = line.replaceFirst("^Missing required subcommand$", "missing command");
    line = line.replaceFirst("is not an int$", "is not a whole number");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
