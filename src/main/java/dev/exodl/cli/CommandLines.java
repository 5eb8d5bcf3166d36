package dev.exodl.cli;

import dev.exodl.cli.complete.Shell;
import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.settings.Layout;
import dev.exodl.cli.settings.ProgressStyle;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.ShardForm;
import dev.exodl.model.Failure;
import dev.exodl.model.RepoType;
import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.store.Link;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.TypeConversionException;

/** Makes picocli's command line the way this program wants it. */
final class CommandLines {
  private CommandLines() {}

  static CommandLine of(IFactory factory, Console console) {
    CommandLine line = new CommandLine(TopCommand.class, factory);
    line.registerConverter(Bytes.class, CommandLines::bytes);
    line.registerConverter(ProgressStyle.class, text -> word(ProgressStyle.class, text));
    line.registerConverter(RepoType.class, text -> word(RepoType.class, text));
    line.registerConverter(Shell.class, text -> word(Shell.class, text));
    line.registerConverter(ShardForm.class, text -> word(ShardForm.class, text));
    line.registerConverter(SplitBy.class, text -> word(SplitBy.class, text));
    line.registerConverter(Strategy.class, text -> word(Strategy.class, text));
    line.registerConverter(Layout.class, text -> word(Layout.class, text));
    line.registerConverter(Link.class, text -> word(Link.class, text));
    line.setUsageHelpWidth(100);
    line.setUsageHelpLongOptionsMaxWidth(28);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    // "--opt=value" and "--opt value" only; a file named @x is a file, not a list of arguments.
    line.setExpandAtFiles(false);
    line.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    line.setParameterExceptionHandler(
        (e, args) -> Failures.tell(console, UsageErrors.of(e), wantsJson(args), false, e));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          Failure failure = Failures.of(e);
          if (command.getCommandSpec().userObject() instanceof ProgramCommand known) {
            known.program().stopper().answering();
          }
          List<String> args = parsed.originalArgs();
          return Failures.tell(
              console, failure, wantsJson(args.toArray(String[]::new)), wantsTrace(command), e);
        });
    return line;
  }

  private static <E extends Enum<E>> E word(Class<E> type, String text) {
    E[] words = type.getEnumConstants();
    for (E word : words) {
      if (word.name().equalsIgnoreCase(text)) {
        return word;
      }
    }
    throw new TypeConversionException(
        "'"
            + text
            + "' is none of "
            + Arrays.toString(words).toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", ""));
  }

  private static Bytes bytes(String text) {
    try {
      return Bytes.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "': " + e.getMessage());
    }
  }

  /** Also answered when the rest of the line could not be parsed. */
  static boolean wantsJson(String[] args) {
    return Arrays.asList(args).contains("--json");
  }

  private static boolean wantsTrace(CommandLine line) {
    if (!(line.getCommandSpec().userObject() instanceof ProgramCommand command)) {
      return false;
    }
    return command.verbosity().atLeast(Verbosity.DEBUG);
  }
}
