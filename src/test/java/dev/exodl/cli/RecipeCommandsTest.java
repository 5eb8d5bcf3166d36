package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cli.settings.Setting;
import dev.exodl.recipes.Recipes;
import dev.exodl.recipes.ShellCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the recipes say to exo-dl is what it understands: a renamed option fails here. */
class RecipeCommandsTest {
  /** A command in a line that is no comment. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?<![\\w`-])exo-dl (sync|serve|preload|cache|cluster|status|export|import|verify|plan|doctor|demo)(?=\\s|$)");

  private static final Pattern INLINE = Pattern.compile("`exo-dl ([^`\n]+)`");
  private static final Pattern OPTIONS =
      Pattern.compile("SYNC_OPTIONS=(?:'([^'\n]*)'|([^'\"`\\s][^`\n]*))");
  private static final Pattern VARIABLE = Pattern.compile("EXO_DL_[A-Z_]+");

  private static CommandLine program() {
    return CommandLines.of(CommandLine.defaultFactory(), new FakeConsole());
  }

  private static void understood(List<String> words) {
    program().parseArgs(words.toArray(String[]::new));
  }

  @Test
  void everyCommandIsUnderstood() throws Exception {
    Set<String> with = new TreeSet<>();
    for (Path file : Recipes.all()) {
      int found = 0;
      for (String script : Recipes.shellTexts(file)) {
        for (List<String> words : ShellCommands.of("exo-dl", script)) {
          try {
            understood(words);
          } catch (CommandLine.ParameterException e) {
            throw new AssertionError(file + ": exo-dl " + String.join(" ", words), e);
          }
          found++;
          with.add(Recipes.FOLDER.relativize(file).toString());
        }
      }
      // None is hidden from this test by how it is written.
      long seen =
          Files.readAllLines(file).stream()
              .filter(l -> !l.strip().startsWith("#") && !isProse(file, l))
              .filter(l -> COMMAND.matcher(l).find())
              .count();
      assertTrue(found >= seen, file + " has " + seen + " commands, " + found + " are read");
    }
    assertEquals(
        Set.of(
            "engines/exo.sh",
            "engines/llama-cpp.sh",
            "engines/vllm.sh",
            "image.md",
            "image/Dockerfile",
            "image/github-workflow.yml",
            "image/gitlab-ci.yml",
            "kubernetes.md",
            "kubernetes/exo-dl.yaml",
            "kubernetes/vllm.yaml",
            "systemd.md",
            "systemd/exo-dl-sync.service",
            "systemd/exo-dl.service"),
        with);
  }

  private static boolean isProse(Path file, String line) {
    return file.toString().endsWith(".md") && line.contains("`");
  }

  @Test
  void whatIsNotUnderstoodIsSeen() throws Exception {
    String run = Recipes.shellTexts(Recipes.FOLDER.resolve("image/Dockerfile")).getLast();
    List<String> words = ShellCommands.of("exo-dl", run).getFirst();
    assertEquals(
        List.of("preload", "models.yaml", "--locked", "--cache-dir", "/models/hub"), words);
    List<String> renamed = words.stream().map(w -> w.replace("--locked", "--lokced")).toList();
    assertThrows(CommandLine.UnmatchedArgumentException.class, () -> understood(renamed));
    assertThrows(
        CommandLine.MissingParameterException.class, () -> understood(List.of("sync", "--json")));
  }

  /** What pages and comments name in passing: each option is one of that command. */
  @Test
  void everyOptionInTheTextIsThere() throws Exception {
    int options = 0;
    for (Path file : Recipes.all()) {
      Matcher inline = INLINE.matcher(Files.readString(file));
      while (inline.find()) {
        String[] words = inline.group(1).split(" ");
        CommandLine command = program();
        int at = 0;
        while (at < words.length && command.getSubcommands().containsKey(words[at])) {
          command = command.getSubcommands().get(words[at++]);
        }
        assertTrue(at > 0, file + ": there is no command " + words[0]);
        for (; at < words.length; at++) {
          if (words[at].startsWith("-")) {
            String name = words[at].replaceAll("=.*", "");
            assertTrue(
                command.getCommandSpec().findOption(name) != null, file + ": " + inline.group());
            options++;
          }
        }
      }
    }
    assertTrue(options >= 3, "options in the text: " + options);
  }

  @Test
  void moreOptionsForASyncAreUnderstood() throws Exception {
    int found = 0;
    for (Path file : Recipes.all()) {
      Matcher matcher = OPTIONS.matcher(Files.readString(file));
      while (matcher.find()) {
        String more = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        List<String> words = new ArrayList<>(List.of("sync", ShellCommands.VALUE));
        if (file.getFileName().toString().equals("sync.env") || more.contains("--peers")) {
          words.add("--cluster=lab");
        }
        words.addAll(List.of(more.split(" ")));
        understood(words);
        found++;
      }
    }
    assertTrue(found >= 3, "found " + found);
  }

  @Test
  void everyVariableIsASetting() throws Exception {
    Set<String> known = Setting.ALL.stream().map(Setting::variable).collect(Collectors.toSet());
    Set<String> named = new TreeSet<>();
    for (Path file : Recipes.all()) {
      Matcher matcher = VARIABLE.matcher(Files.readString(file));
      while (matcher.find()) {
        named.add(matcher.group());
      }
    }
    assertTrue(known.containsAll(named), named + " are not all in " + known);
    assertTrue(named.contains("EXO_DL_REUSE"), named.toString());
    assertFalse(known.contains("EXO_DL_LOCKED"));
  }
}
