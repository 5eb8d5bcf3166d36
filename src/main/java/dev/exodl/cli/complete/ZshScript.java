package dev.exodl.cli.complete;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The script for zsh: a function for each command, with descriptions, for {@code _arguments}. */
final class ZshScript {
  private static final String BEGINNING =
      """
      #compdef exo-dl
      # Completion of exo-dl for zsh; made by `exo-dl completion zsh`.
      # Put it as _exo-dl into a folder of $fpath, or load it from ~/.zshrc after compinit.

      # Only the program knows what its cache holds.
      _exo-dl_repos() {
        local program=exo-dl expl
        local -a repos
        case $typed[1] in
          /*) program=$typed[1] ;;
          '~/'*) program=$HOME/${typed[1]#*/} ;;
        esac
        repos=("${(@f)$(command "$program" __complete repos "${(Q)PREFIX}" "${(@)typed}" 2>/dev/null </dev/null)}")
        repos=(${repos:#})
        # A space follows; it goes when a revision does.
        _wanted repos expl 'repo in the cache' compadd -S ' ' -r '@ \\t\\n\\-' -a repos
      }

      """;

  private static final String END =
      """
      if [[ $funcstack[1] == _exo-dl ]]; then
        _exo-dl "$@"
      else
        compdef _exo-dl exo-dl
      fi
      """;

  private ZshScript() {}

  static String of(Verb top) {
    StringBuilder script = new StringBuilder(BEGINNING);
    top.each(verb -> function(script, verb));
    return script.append(END).toString();
  }

  private static void function(StringBuilder script, Verb verb) {
    List<String> specs = new ArrayList<>();
    verb.flags().forEach(flag -> specs.add(spec(flag)));
    if (verb.verbs().isEmpty()) {
      int index = 1;
      for (Argument argument : verb.arguments()) {
        specs.add(spec(argument, index++));
      }
      script.append(name(verb)).append("() {\n  _arguments -s -S");
      specs.forEach(spec -> script.append(" \\\n    ").append(spec));
    } else {
      specs.add("'1:command:" + name(verb) + "_verbs'");
      specs.add("'*:: :->verb'");
      verbs(script, verb);
      script.append(name(verb)).append("() {\n");
      script.append("  local curcontext=$curcontext state line\n  typeset -A opt_args\n");
      if (verb.path().isEmpty()) {
        script.append(
            "  # As the program will get them; what is run below sees only its own part.\n");
        script.append("  local -a typed=(\"${(@Q)words[1,CURRENT-1]}\")\n");
      }
      script.append("  _arguments -C -s -S");
      specs.forEach(spec -> script.append(" \\\n    ").append(spec));
      script.append(" && return\n  [[ $state == verb ]] || return 1\n");
      script.append("  curcontext=${curcontext%:*}-$line[1]:\n  case $line[1] in\n");
      verb.verbs().forEach(v -> script.append("    %s) %s ;;\n".formatted(v.name(), name(v))));
      script.append("    *) return 1 ;;\n  esac");
    }
    script.append("\n}\n\n");
  }

  private static void verbs(StringBuilder script, Verb verb) {
    script.append(name(verb)).append("_verbs() {\n  local -a verbs=(\n");
    for (Verb below : verb.verbs()) {
      String about = below.name() + ":" + below.about().replace(":", "\\:");
      script.append("    ").append(quoted(about)).append('\n');
    }
    script.append("  )\n  _describe -t commands command verbs\n}\n\n");
  }

  private static String name(Verb verb) {
    return ("_exo-dl " + verb.path()).strip().replace(' ', '_');
  }

  /** Names of one option exclude each other, unless it may be repeated. */
  private static String spec(Flag flag) {
    String before = flag.hidden() ? "!" : flag.repeated() ? "*" : "";
    if (!flag.hidden() && !flag.repeated() && flag.names().size() > 1) {
      before = "(" + String.join(" ", flag.names()) + ")";
    }
    String after =
        (flag.mayHaveValue() ? "=-" : flag.hasValue() ? "=" : "")
            + "["
            + flag.about().replace("\\", "\\\\").replace("]", "\\]").replace("[", "\\[")
            + "]"
            + (flag.mayHaveValue() ? ":" : "")
            + (flag.hasValue() ? value(flag.label(), flag.value()) : "");
    String start = before;
    return flag.names().stream()
        .map(name -> quoted(start + name + after))
        .collect(Collectors.joining(" \\\n    "));
  }

  /** A message about an argument that can be any text would keep zsh from inserting an option. */
  private static String spec(Argument argument, int index) {
    String place = argument.repeated() ? "*" : Integer.toString(index);
    String value = value(argument.label(), argument.value());
    return quoted(place + (value.endsWith(": ") ? value.strip() + "()" : value));
  }

  private static String value(String label, Wanted wanted) {
    String action =
        switch (wanted) {
          case Wanted.Nothing _, Wanted.Attached _, Wanted.Text _ -> " ";
          case Wanted.Choice choice -> "(" + String.join(" ", choice.words()) + ")";
          case Wanted.Folder _ -> "_files -/";
          case Wanted.AnyFile _ -> "_files";
          case Wanted.CachedRepo _ -> "_exo-dl_repos";
        };
    return ":" + label.replace(":", "\\:") + ":" + action;
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
