package dev.exodl.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Types lines into an interactive shell on a terminal of its own, and sees which arguments the
 * command got when Enter was pressed: so a candidate is known as the shell itself inserts, quotes
 * and reads it. The shell's start file has to set the prompt {@code ready> }, and to make {@code
 * exo-dl} a function that appends its arguments and a line {@code end} to the file.
 */
final class Typist implements AutoCloseable {
  private static final long LONGEST_MILLIS = 30_000;

  private final Program.Running shell;
  private final Path got;
  private final String insertAll;
  private int lines;

  /**
   * Waits for the shell's first prompt.
   *
   * @param got where the function writes what it got
   * @param insertAll the keys that insert all candidates
   */
  Typist(Program.Running shell, Path got, String insertAll) throws Exception {
    this.shell = shell;
    this.got = got;
    this.insertAll = insertAll;
    prompt();
  }

  /** A function for the start file of a POSIX-like shell. */
  static String function(Path got) {
    return "exo-dl() { printf '%s\\n' \"$@\" end >>'" + got + "'; }\n";
  }

  /** What is offered after the line, as whole words. */
  List<String> candidates(String line) throws Exception {
    List<String> before = typed(line + "\n");
    List<String> after = typed(line + insertAll + "\n");
    boolean blank = line.endsWith(" ");
    List<String> offered =
        new ArrayList<>(after.subList(blank ? before.size() : before.size() - 1, after.size()));
    String word = blank ? "" : before.getLast();
    if (offered.equals(List.of(word))) {
      return List.of();
    }
    offered.replaceAll(candidate -> whole(word, candidate));
    return offered;
  }

  /** Bash inserts only what follows the last break of the word, such as the {@code =}. */
  private static String whole(String word, String candidate) {
    for (int lead = 0; lead <= word.length(); lead++) {
      String whole = word.substring(0, lead) + candidate;
      if (whole.startsWith(word)) {
        return whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole;
      }
    }
    return candidate;
  }

  /** The arguments that the command gets when these keys are pressed, with Enter at their end. */
  List<String> typed(String keys) throws Exception {
    shell.process().getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
    shell.process().getOutputStream().flush();
    lines++;
    prompt();
    String all = Files.exists(got) ? Files.readString(got) : "";
    List<String> calls = Arrays.asList(all.split("(?<=^|\n)end\n", -1));
    if (calls.size() != lines + 1) {
      throw new AssertionError("not run: " + keys + "\n" + screen());
    }
    return calls.get(lines - 1).lines().toList();
  }

  /** All that the terminal has shown. */
  String screen() throws IOException {
    return Files.readString(shell.out());
  }

  private void prompt() throws IOException, InterruptedException {
    long end = System.nanoTime() + LONGEST_MILLIS * 1_000_000;
    while (screen().split("ready> ", -1).length - 1 <= lines) {
      if (System.nanoTime() > end || !shell.process().isAlive()) {
        throw new AssertionError("no prompt: " + screen() + shell.errSoFar());
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() {
    shell.close();
  }
}
