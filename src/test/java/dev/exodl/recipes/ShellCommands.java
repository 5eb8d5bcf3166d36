package dev.exodl.recipes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the commands in a script: as much of a shell's grammar as recipes use. Here documents and
 * backquotes are refused.
 */
public final class ShellCommands {
  /** What stands for a variable's value, and for what a command prints. */
  public static final String VALUE = "org/value";

  private static final Set<String> BEFORE_COMMANDS =
      Set.of(
          "if", "then", "elif", "else", "while", "until", "do", "exec", "!", "{", "time", "sudo");
  private static final Pattern ASSIGNMENT = Pattern.compile("(?s)[A-Za-z_][A-Za-z0-9_]*\\+?=.*");

  private final String text;
  private final List<List<String>> commands = new ArrayList<>();
  private List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();

  /** Whether a word is open, whether it has quotes, whether it is nothing but one variable. */
  private boolean open;

  private boolean quoted;
  private boolean onlyVariable;
  private boolean skipNext;
  private int at;

  private ShellCommands(String text) {
    this.text = text;
  }

  /** The words of each command, those in {@code $(…)} and of {@code sh -c} too. */
  public static List<List<String>> in(String script) {
    ShellCommands shell = new ShellCommands(script.replace("\\\n", " "));
    while (shell.at < shell.text.length()) {
      shell.step();
    }
    shell.endCommand();
    return shell.commands;
  }

  /** The commands that run a program, without its name. */
  public static List<List<String>> of(String program, String script) {
    return in(script).stream()
        .filter(c -> c.getFirst().equals(program) || c.getFirst().endsWith("/" + program))
        .map(c -> c.subList(1, c.size()))
        .toList();
  }

  private void step() {
    char c = text.charAt(at);
    if (c == '#' && !open) {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
    } else if (c == ' ' || c == '\t') {
      endWord();
      at++;
    } else if (c == '>' || c == '<') {
      redirection();
    } else if (";|&\n()".indexOf(c) >= 0) {
      endCommand();
      at++;
    } else {
      open = true;
      part(c);
    }
  }

  private void part(char c) {
    switch (c) {
      case '\\' -> {
        word.append(text.charAt(at + 1));
        at += 2;
      }
      case '\'' -> {
        int end = text.indexOf('\'', at + 1);
        word.append(text, at + 1, end);
        quoted = true;
        at = end + 1;
      }
      case '"' -> inQuotes();
      case '$' -> variable();
      case '`' -> throw new IllegalArgumentException("backquotes in " + text);
      default -> {
        word.append(c);
        onlyVariable = false;
        at++;
      }
    }
  }

  private void inQuotes() {
    quoted = true;
    at++;
    while (text.charAt(at) != '"') {
      char c = text.charAt(at);
      if (c == '$') {
        variable();
      } else if (c == '\\') {
        word.append(text.charAt(at + 1));
        at += 2;
      } else {
        word.append(c);
        at++;
      }
    }
    at++;
  }

  private void variable() {
    int begin = at;
    char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    if (next == '(') {
      int end = closing(at + 1);
      commands.addAll(in(text.substring(at + 2, end)));
      at = end + 1;
    } else if (next == '{') {
      at = text.indexOf('}', at) + 1;
    } else {
      at += 2;
      while (Character.isLetter(next)
          && at < text.length()
          && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
        at++;
      }
    }
    String name = text.substring(begin, at);
    // "$@" and "${array[@]}" may be no word at all.
    onlyVariable = word.isEmpty() && (!quoted || name.contains("@") && !name.contains("%"));
    word.append(VALUE);
  }

  private int closing(int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '(') {
        depth++;
      } else if (text.charAt(i) == ')' && --depth == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("no end of $( in " + text);
  }

  private void redirection() {
    if (text.startsWith("<<", at) && !text.startsWith("<<<", at)) {
      throw new IllegalArgumentException("a here document in " + text);
    }
    if (text.startsWith("<(", at)) {
      at += 2;
      endWord();
      skipNext = false;
      endCommand();
      return;
    }
    if (word.toString().matches("[0-9]+")) {
      word.setLength(0);
      open = false;
    }
    endWord();
    while (at < text.length() && "<>&".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    skipNext = true;
  }

  private void endWord() {
    if (open && skipNext) {
      skipNext = false;
    } else if (open && !onlyVariable) {
      words.add(word.toString());
    }
    word.setLength(0);
    open = false;
    quoted = false;
    onlyVariable = false;
  }

  private void endCommand() {
    endWord();
    int first = 0;
    while (first < words.size()
        && (BEFORE_COMMANDS.contains(words.get(first))
            || ASSIGNMENT.matcher(words.get(first)).matches())) {
      first++;
    }
    List<String> command = List.copyOf(words.subList(first, words.size()));
    words = new ArrayList<>();
    if (command.isEmpty()) {
      return;
    }
    if (command.size() > 2 && command.getFirst().endsWith("sh") && command.get(1).equals("-c")) {
      commands.addAll(in(command.get(2)));
    }
    if (command.getFirst().equals("runuser") && command.contains("--")) {
      commands.add(command.subList(command.indexOf("--") + 1, command.size()));
    }
    if (command.size() > 2 && command.getFirst().equals("ssh")) {
      commands.add(command.subList(2, command.size()));
    }
    commands.add(command);
  }
}
