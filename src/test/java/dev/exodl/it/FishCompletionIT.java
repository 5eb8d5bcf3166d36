package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Completion in fish, which tells what it offers. */
class FishCompletionIT extends CompletionStage {
  private static final String ASK =
      "source (exo-dl completion fish | psub); complete -C \"$argv[1]\"";

  @Override
  String shell() {
    return "fish";
  }

  private Program.Ended asked(String line) throws Exception {
    try (Program.Running fish = command("fish", "--no-config", "-c", ASK, "--", line)) {
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
  void candidatesHaveDescriptions() throws Exception {
    assertTrue(asked("exo-dl d").out().contains("demo\tShow a whole download"));
    assertTrue(asked("exo-dl sync --off").out().contains("--offline\tNo network at all"));
    assertTrue(asked("exo-dl sync g").out().contains("gpt2\tin the cache"));
  }
}
