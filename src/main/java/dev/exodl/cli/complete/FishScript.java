package dev.exodl.cli.complete;

import java.util.List;

/** The script for fish: a line for each command and option, with descriptions. */
final class FishScript {
  private static final String BEGINNING =
      """
      # Completion of exo-dl for fish; made by `exo-dl completion fish`.
      # Put it into ~/.config/fish/completions as exo-dl.fish.

      # Which command is typed, and how many arguments it has: "cache rm 1".
      function __exo_dl_place
          set -l place ''
          set -l arguments 0
          set -l skip no
          set -l ended no
          set -l words (commandline -opc)
          set -e words[1]
          for word in $words
              if test $skip = yes
                  set skip no
              else if test $ended = yes
                  set arguments (math $arguments + 1)
              else
                  switch $word
                      case --
                          set ended yes
                      case OPTIONS-WITH-VALUE
                          set skip yes
                      case '-*'
                      case '*'
                          switch "$place/$word"
                              case PATH/COMMAND
                                  set place (string trim -- "$place $word")
                              case '*'
                                  set arguments (math $arguments + 1)
                          end
                  end
              end
          end
          string trim -- "$place $arguments"
      end

      # Whether this command is typed: succeeds for all its arguments, or for the one with this number.
      function __exo_dl_in -a command number
          set -l typed (__exo_dl_place)
          set -l wanted (string trim -- "$command $number")
          if test -n "$number"
              test "$typed" = "$wanted"
          else
              test (string replace -r ' ?[0-9]+$' '' -- "$typed") = "$wanted"
          end
      end

      # Only the program knows what its cache holds.
      function __exo_dl_repos
          set -l typed (commandline -opc)
          set -l word (commandline -ct | string unescape)
          set -l program exo-dl
          switch "$typed[1]"
              case '/*'
                  set program $typed[1]
              case '~/*'
                  set program $HOME(string sub -s 2 -- $typed[1])
          end
          # Fish would say that there is no such command, whatever stderr is.
          command -q $program; or return
          command $program __complete repos "$word" $typed 2>/dev/null </dev/null
      end

      # In "--cache-dir=x" only x names a folder.
      function __exo_dl_folders
          __fish_complete_directories (commandline -ct | string replace -r -- '^-[^=]*=' '')
      end

      complete -c exo-dl -f
      """;

  private FishScript() {}

  static String of(Verb top) {
    StringBuilder script =
        new StringBuilder(
            BEGINNING
                .replace("OPTIONS-WITH-VALUE", String.join(" ", top.values().keySet()))
                .replace("PATH/COMMAND", transitions(top)));
    top.each(verb -> lines(script, verb));
    return script.toString();
  }

  /** A slash between the command's path and the next word. */
  private static String transitions(Verb top) {
    StringBuilder all = new StringBuilder();
    top.each(
        verb ->
            verb.verbs()
                .forEach(
                    below -> all.append(quoted(verb.path() + "/" + below.name())).append(' ')));
    return all.toString().strip();
  }

  private static void lines(StringBuilder script, Verb verb) {
    script.append("\n# ").append(("exo-dl " + verb.path()).strip()).append('\n');
    verb.verbs().forEach(below -> line(script, at(verb, "0"), "-a " + below.name(), below.about()));
    verb.flags().stream()
        .filter(flag -> !flag.hidden())
        .forEach(flag -> line(script, at(verb, ""), names(flag) + value(flag), flag.about()));
    List<Argument> arguments = verb.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      Argument argument = arguments.get(i);
      String number = argument.repeated() ? "" : Integer.toString(i);
      String words = words(argument.value());
      if (argument.value() instanceof Wanted.AnyFile) {
        line(script, at(verb, number), "-F", "");
      }
      if (!words.isEmpty()) {
        String about = argument.value() instanceof Wanted.CachedRepo ? "in the cache" : "";
        line(script, at(verb, number), "-a " + words, about);
      }
    }
  }

  private static void line(StringBuilder script, String condition, String what, String about) {
    script.append("complete -c exo-dl -n ").append(condition).append(' ').append(what);
    if (!about.isEmpty()) {
      script.append(" -d ").append(quoted(about));
    }
    script.append('\n');
  }

  private static String at(Verb verb, String number) {
    return quoted(("__exo_dl_in \"" + verb.path() + "\" " + number).strip());
  }

  private static String names(Flag flag) {
    StringBuilder names = new StringBuilder();
    for (String name : flag.names()) {
      names.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
    }
    return names.toString().strip();
  }

  private static String value(Flag flag) {
    if (!flag.hasValue() || flag.mayHaveValue()) {
      return "";
    }
    if (flag.value() instanceof Wanted.AnyFile) {
      return " -r -F";
    }
    String words = words(flag.value());
    return words.isEmpty() ? " -x" : " -x -a " + words;
  }

  private static String words(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Nothing _, Wanted.Attached _, Wanted.Text _, Wanted.AnyFile _ -> "";
      case Wanted.Choice choice -> quoted(String.join(" ", choice.words()));
      case Wanted.Folder _ -> "'(__exo_dl_folders)'";
      case Wanted.CachedRepo _ -> "'(__exo_dl_repos)'";
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
