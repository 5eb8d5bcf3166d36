package dev.exodl.cli.complete;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The script for bash 4 and newer. It needs nothing of the package bash-completion: readline breaks
 * words at {@code =}, {@code :} and {@code @}, so the script puts them together again itself. Names
 * that come from elsewhere never pass through {@code compgen -W} or {@code eval}, which would run
 * what is written in them.
 */
final class BashScript {
  private static final String BEGINNING =
      """
      # Completion of exo-dl for bash; made by `exo-dl completion bash`.
      # Load it from ~/.bashrc, or put it into ~/.local/share/bash-completion/completions as exo-dl.

      # Lists are words with blanks between them, none of which is a pattern.
      # shellcheck disable=SC2086,SC2206

      # What can follow a command: verbs (commands below it), options, wants (one word for each argument).
      _exo_dl_place() {
        verbs='' options='' wants=''
        case $place in
      """;

  private static final String BETWEEN =
      """
        esac
      }

      # What the value of an option is: fails when it has none.
      _exo_dl_wanted() {
        wanted=''
        case $1 in
      """;

  private static final String END =
      """
          *) return 1 ;;
        esac
      }

      # The words up to the cursor, as the program will get them. Readline breaks a@b and --a=b apart.
      _exo_dl_words() {
        local line=${COMP_LINE:0:COMP_POINT} i piece glued
        for ((i = 0; i <= COMP_CWORD; i++)); do
          glued=yes
          if ((i == 0)) || [[ $line == [[:blank:]]* ]]; then glued=''; fi
          line=${line#"${line%%[![:blank:]]*}"}
          piece=${COMP_WORDS[i]}
          if ((i == COMP_CWORD)); then piece=$line; fi
          line=${line#"$piece"}
          piece=${piece//[\\"\\'\\\\]/}
          if [[ -n $glued ]]; then
            words[${#words[@]}-1]+=$piece
          else
            words+=("$piece")
          fi
        done
      }

      # Which command is meant, how many arguments it has, which option waits for its value.
      _exo_dl_walk() {
        local i word verbs options wants
        for ((i = 1; i < ${#words[@]} - 1; i++)); do
          word=${words[i]}
          if [[ -n $option ]]; then
            option=''
          elif [[ -z $ended && $word == -- ]]; then
            ended=yes
          elif [[ -z $ended && $word == -* ]]; then
            if _exo_dl_wanted "$word"; then option=$word; fi
          else
            _exo_dl_place
            if [[ -n $word && " $verbs " == *" $word "* ]]; then
              place=${place:+$place }$word
            else
              ((arguments += 1))
            fi
          fi
        done
      }

      # Offers those words that begin with what is typed: LEAD, then the words.
      _exo_dl_offer() {
        local lead=$1 candidate
        shift
        for candidate; do
          candidate=$lead$candidate
          if [[ $candidate == "$word"* ]]; then COMPREPLY+=("${candidate#"$replaced"}"); fi
        done
      }

      # Folders (d) or files too (f): which, then what stands before them in the same word.
      _exo_dl_paths() {
        local found
        while IFS= read -r found; do
          _exo_dl_offer "$2" "$found"
        done < <(compgen "-$1" -- "${word#"$2"}")
        compopt -o filenames 2>/dev/null
      }

      # Only the program knows what its cache holds.
      _exo_dl_repos() {
        local program=exo-dl repo
        case ${words[0]} in
          /*) program=${words[0]} ;;
          \\~/*) program=$HOME/${words[0]#*/} ;;
        esac
        while IFS= read -r repo; do
          _exo_dl_offer '' "$repo"
        done < <(command "$program" __complete repos "$word" "${words[@]:0:${#words[@]}-1}" 2>/dev/null </dev/null)
      }

      # A value: WANTED, then what stands before it in the same word.
      _exo_dl_value() {
        case $1 in
          folder) _exo_dl_paths d "$2" ;;
          path) _exo_dl_paths f "$2" ;;
          repo) _exo_dl_repos ;;
          text) ;;
          *) _exo_dl_offer "$2" ${1//,/ } ;;
        esac
      }

      _exo_dl() {
        local -a words=() each
        local IFS=$' \\t\\n'
        local place='' option='' ended='' arguments=0
        local verbs options wants wanted word replaced=''
        COMPREPLY=()
        _exo_dl_words
        _exo_dl_walk
        _exo_dl_place
        word=${words[${#words[@]}-1]}
        # Readline replaces only what follows its last break.
        if [[ $word == *"$2" ]]; then replaced=${word%"$2"}; fi
        if [[ -n $option ]]; then
          _exo_dl_wanted "$option"
          _exo_dl_value "$wanted" ''
        elif [[ -z $ended && $word == -*=* ]]; then
          if _exo_dl_wanted "${word%%=*}"; then _exo_dl_value "$wanted" "${word%%=*}="; fi
        elif [[ -z $ended && $word == -* ]]; then
          _exo_dl_offer '' $options
        elif [[ -n $verbs ]]; then
          if ((arguments == 0)); then _exo_dl_offer '' $verbs; fi
        else
          each=($wants)
          # The last argument may be one that takes the rest.
          if ((arguments >= ${#each[@]} && ${#each[@]} > 0)) && [[ $wants == *... ]]; then
            arguments=$((${#each[@]} - 1))
          fi
          wanted=${each[arguments]-text}
          _exo_dl_value "${wanted%...}" ''
        fi
        return 0
      }

      complete -F _exo_dl exo-dl
      """;

  private BashScript() {}

  static String of(Verb top) {
    StringBuilder script = new StringBuilder(BEGINNING);
    top.each(verb -> place(script, verb));
    script.append(BETWEEN);
    Map<String, List<String>> named = new LinkedHashMap<>();
    top.values()
        .forEach(
            (name, value) -> named.computeIfAbsent(word(value), w -> new ArrayList<>()).add(name));
    named.forEach(
        (wanted, names) ->
            script.append(
                "    %s)\n      wanted=%s\n      ;;\n"
                    .formatted(String.join(" | ", names), wanted)));
    return script.append(END).toString();
  }

  private static void place(StringBuilder script, Verb verb) {
    script.append("    '%s')\n".formatted(verb.path()));
    List<String> options =
        verb.flags().stream().filter(f -> !f.hidden()).flatMap(f -> f.names().stream()).toList();
    List<String> wants =
        verb.arguments().stream().map(a -> word(a.value()) + (a.repeated() ? "..." : "")).toList();
    assign(script, "verbs", verb.verbs().stream().map(Verb::name).toList());
    assign(script, "options", options);
    assign(script, "wants", wants);
    script.append("      ;;\n");
  }

  private static void assign(StringBuilder script, String name, List<String> words) {
    if (!words.isEmpty()) {
      script.append("      %s='%s'\n".formatted(name, String.join(" ", words)));
    }
  }

  private static String word(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Nothing _, Wanted.Attached _ -> "text";
      case Wanted.Text _ -> "text";
      case Wanted.Choice choice -> String.join(",", choice.words());
      case Wanted.Folder _ -> "folder";
      case Wanted.AnyFile _ -> "path";
      case Wanted.CachedRepo _ -> "repo";
    };
  }
}
