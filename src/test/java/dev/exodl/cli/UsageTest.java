package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class UsageTest {
  private static List<CommandLine> all(CommandLine line) {
    List<CommandLine> all = new ArrayList<>(List.of(line));
    line.getSubcommands().values().stream().distinct().forEach(sub -> all.addAll(all(sub)));
    return all;
  }

  static List<CommandLine> commands() {
    return all(CommandLines.of(CommandLine.defaultFactory(), new FakeConsole()));
  }

  @Test
  void helpOfEveryCommandIsAsAgreed() throws Exception {
    for (CommandLine command : commands()) {
      String name = command.getCommandSpec().qualifiedName("-");
      if (!name.endsWith("-help")) {
        Golden.check("help-" + name + ".txt", command.getUsageMessage());
      }
    }
  }

  @Test
  void helpFitsIntoAHundredColumnsAndEveryOptionIsExplained() {
    for (CommandLine command : commands()) {
      command.getUsageMessage().lines().forEach(l -> assertTrue(l.length() <= 100, l));
      command
          .getCommandSpec()
          .options()
          .forEach(o -> assertTrue(o.description().length == 1, o.longestName()));
    }
  }

  @Test
  void wrongUsageIsOneClearLine() throws Exception {
    StringBuilder text = new StringBuilder();
    List<String> lines =
        List.of(
            "snyc a/b",
            "download a/b",
            "Qwen/Qwen3-0.6B",
            "frobnicate",
            "frobnicate --help",
            "snyc --help",
            "-h snyc",
            "cache mv --help",
            "--verison",
            "sync",
            "sync a/b --dry-rum",
            "sync a/b --frobnicate",
            "sync a/b --max-rate fast",
            "sync a/b --max-rate",
            "sync a/b --max-connections many",
            "sync a/b --max-connections 0",
            "sync a/b --progress rainbow",
            "sync a/b --repo-type movie",
            "sync a/b --endpoint huggingface.co",
            "sync a/b --token se\u00a0cret",
            "sync a/b --cache-dir c --local-dir d",
            "sync a/b@v1 --revision v2",
            "sync a/b/c",
            "sync -- --a/b",
            "sync https://huggingface.co/a/b",
            "sync a/b --revision ../x",
            "sync --json --dry-rum a/b");
    for (String line : lines) {
      Harness harness = new Harness();
      String transcript = harness.transcript(line.split(" "));
      assertTrue(transcript.contains("exit 2"), transcript);
      assertEquals(1, harness.console.stderr().lines().count(), transcript);
      text.append(transcript);
    }
    Golden.check("usage-errors.txt", text.toString());
  }

  @Test
  void versionAndHelpNeedNoSettings() {
    Harness harness = new Harness();
    harness.environment.put("EXO_DL_MAX_RATE", "nonsense");
    assertEquals(0, harness.run("--version"));
    assertEquals("exo-dl " + Version.text() + "\n", harness.console.stdout());
    assertTrue(Version.text().matches("[0-9]+\\.[0-9]+\\.[0-9]+.*"), Version.text());
    assertEquals(0, new Harness().run("help", "sync"));
    assertEquals(0, new Harness().run("sync", "--help"));
  }

  @Test
  void withoutArgumentsHelpGoesToStderr() {
    Harness harness = new Harness();
    assertEquals(2, harness.run());
    assertEquals("", harness.console.stdout());
    assertTrue(harness.console.stderr().contains("Commands:"));
  }
}
