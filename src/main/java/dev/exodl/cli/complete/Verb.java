package dev.exodl.cli.complete;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A command.
 *
 * @param path the words that lead to it, such as {@code cache rm}; empty for the program itself
 * @param about one phrase without a full stop
 * @param arguments in the order they are written
 * @param verbs the commands below it
 */
record Verb(
    String path, String about, List<Flag> flags, List<Argument> arguments, List<Verb> verbs) {
  Verb {
    flags = List.copyOf(flags);
    arguments = List.copyOf(arguments);
    verbs = List.copyOf(verbs);
  }

  /** Reads picocli's model; hidden commands are left out. */
  static Verb of(CommandSpec program) {
    return of(program, "");
  }

  private static Verb of(CommandSpec spec, String path) {
    List<CommandSpec> shown =
        spec.subcommands().values().stream()
            .distinct()
            .map(CommandLine::getCommandSpec)
            .filter(below -> !below.usageMessage().hidden())
            .toList();
    List<Verb> verbs = new ArrayList<>();
    for (CommandSpec below : shown) {
      Verb verb = of(below, (path + " " + below.name()).strip());
      // Picocli has the help's argument as any text.
      List<String> names = shown.stream().map(CommandSpec::name).toList();
      verbs.add(below.helpCommand() ? verb.taking(new Wanted.Choice(names)) : verb);
    }
    return new Verb(
        path,
        brief(spec.usageMessage().header()),
        spec.options().stream().map(Flag::of).toList(),
        spec.positionalParameters().stream()
            .filter(p -> !p.hidden())
            .sorted(Comparator.comparing(PositionalParamSpec::index))
            .map(Argument::of)
            .toList(),
        verbs);
  }

  private Verb taking(Wanted wanted) {
    Argument argument = new Argument("COMMAND", wanted, false);
    return new Verb(path, about, flags, List.of(argument), verbs);
  }

  /** The first sentence, which is all that a list of candidates has room for. */
  static String brief(String... lines) {
    String text = lines.length == 0 ? "" : lines[0];
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text : text.substring(0, end);
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  /** The last word of its path. */
  String name() {
    return path.substring(path.lastIndexOf(' ') + 1);
  }

  /** This one and all below it. */
  void each(Consumer<Verb> taker) {
    taker.accept(this);
    verbs.forEach(verb -> verb.each(taker));
  }

  /**
   * What every option whose value is the next word wants, by each of its names.
   *
   * @throws IllegalStateException when two commands mean different things by one name: the scripts
   *     look options up without their command
   */
  Map<String, Wanted> values() {
    Map<String, Wanted> values = new LinkedHashMap<>();
    each(
        verb -> {
          for (Flag flag : verb.flags) {
            for (String name : flag.names()) {
              Wanted before = values.putIfAbsent(name, flag.value());
              if (before != null && !before.equals(flag.value())) {
                throw new IllegalStateException(name + " means two things");
              }
            }
          }
        });
    values
        .values()
        .removeIf(value -> value instanceof Wanted.Nothing || value instanceof Wanted.Attached);
    return values;
  }
}
