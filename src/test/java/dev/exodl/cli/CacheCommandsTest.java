package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheCommandsTest {
  @TempDir Path root;

  private Harness harness;

  @BeforeEach
  void aCache() throws IOException {
    root = root.toRealPath();
    FakeCache.usual(root);
    again();
  }

  private void again() {
    harness = new Harness();
    harness.environment.put("HF_HUB_CACHE", root.toString());
    harness.clock = Clock.fixed(FakeCache.WRITTEN.plusSeconds(3 * 86_400), ZoneOffset.UTC);
  }

  private String told(String... args) {
    return harness.transcript(args).replace(root.toString(), "CACHE");
  }

  @Test
  void lsIsATableAndJson() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String[] args :
        new String[][] {{"cache", "ls"}, {"cache", "ls", "-v"}, {"cache", "ls", "--json"}}) {
      again();
      text.append(told(args));
    }
    again();
    text.append(told("cache", "ls", "--cache-dir", root.resolve("none").toString()));
    Golden.check("cache-ls.txt", text.toString());
  }

  @Test
  void rmAsksAndDeletesOnYes() throws IOException {
    harness.console.answers.add("y");
    String text = told("cache", "rm", "org/name@1111");
    assertFalse(Files.exists(root.resolve("models--org--name/snapshots/" + FakeCache.OLD)));
    assertTrue(Files.exists(root.resolve("models--org--name/snapshots/" + FakeCache.NEW)));
    again();
    text += told("cache", "rm", "datasets/org/data", "--yes", "--json");
    assertFalse(Files.exists(root.resolve("datasets--org--data")));
    Golden.check("cache-rm.txt", text);
  }

  @Test
  void rmWithoutAnAnswerDeletesNothing() throws IOException {
    StringBuilder text = new StringBuilder(told("cache", "rm", "org/name"));
    again();
    harness.console.answers.add("n");
    text.append(told("cache", "rm", "org/name"));
    again();
    text.append(told("cache", "rm", "org/name", "--dry-run"));
    again();
    text.append(told("cache", "rm", "org/other", "--yes"));
    again();
    text.append(told("cache", "rm", "org/name@v9", "--yes"));
    again();
    text.append(told("cache"));
    again();
    text.append(told("cache", "mv"));
    Golden.check("cache-rm-not.txt", text.toString());
    assertTrue(Files.exists(root.resolve("models--org--name/snapshots/" + FakeCache.OLD)));
  }

  @Test
  void pruneTakesWhatNoRefLeadsTo() throws IOException {
    StringBuilder text = new StringBuilder(told("cache", "prune", "--dry-run"));
    again();
    text.append(told("cache", "prune", "-y"));
    assertFalse(Files.exists(root.resolve("models--org--name/snapshots/" + FakeCache.OLD)));
    assertEquals(
        "{}",
        Files.readString(
            root.resolve("models--org--name/snapshots/" + FakeCache.NEW + "/config.json")));
    again();
    text.append(told("cache", "prune", "-y"));
    Golden.check("cache-prune.txt", text.toString());
  }
}
