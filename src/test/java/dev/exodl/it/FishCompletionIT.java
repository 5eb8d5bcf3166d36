package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Completion in fish, which tells what it offers. */
class FishCompletionIT extends CompletionStage {
  private static final String ASK = "source $argv[1]; complete -C \"$argv[2]\"";

  private Path script;

  @Override
  String shell() {
    return "fish";
  }

  @Override
  void start() throws Exception {
    String printed = program.run("completion", "fish").out();
    script = Files.writeString(temp.resolve("exo-dl.fish"), printed);
  }

  private Program.Ended asked(String line) throws Exception {
    try (Program.Running fish =
        command("fish", "--no-config", "-c", ASK, "--", script.toString(), line)) {
      return fish.ended();
    }
  }

  @Override
  List<String> candidates(String line) throws Exception {
    Program.Ended asked = asked(line);
    assertEquals("", asked.err());
    return asked.out().lines().map(l -> l.split("\t", 2)[0].replaceFirst("/$", "")).toList();
  }

  @Test
  void withoutTheProgramNothingIsSaid() throws Exception {
    try (Program.Running fish =
        command(
            "env",
            "PATH=/usr/bin:/bin",
            "fish",
            "--no-config",
            "-c",
            ASK,
            "--",
            script.toString(),
            "exo-dl sync g")) {
      assertEquals(new Program.Ended(0, "", ""), fish.ended());
    }
  }

  @Test
  void candidatesHaveDescriptions() throws Exception {
    assertTrue(asked("exo-dl d").out().contains("demo\tShow a whole download"));
    assertTrue(asked("exo-dl sync --off").out().contains("--offline\tNo network at all"));
    assertTrue(asked("exo-dl sync g").out().contains("gpt2\tin the cache"));
  }
}
