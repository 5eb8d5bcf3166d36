package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every real shell has to offer with the script that the built program prints for it. */
abstract class CompletionStage {
  static final String COMMIT = "1111111111111111111111111111111111111111";

  @TempDir Path temp;

  Program program;
  Path cache;

  /** Everything that can be completed after a line, as whole words. */
  abstract List<String> candidates(String line) throws Exception;

  /** The shell's name as a program. */
  abstract String shell();

  void start() throws Exception {}

  @BeforeEach
  void aCacheAndTheScript() throws Exception {
    if (!onPath(shell())) {
      System.out.println("not tested here: this system has no " + shell() + "; install it");
      Assumptions.abort("there is no " + shell());
    }
    program = new Program(temp, "http://127.0.0.1:9");
    cache = temp.resolve("hub");
    repo("models--org--name", "main", "v1.0", "refs/pr/3");
    repo("models--gpt2", "main");
    repo("datasets--org--data", "main");
    start();
  }

  @AfterEach
  void nothingOfANameWasRun() throws IOException {
    try (var all = Files.walk(temp)) {
      assertEquals(List.of(), all.filter(p -> p.endsWith("pwned")).toList());
    }
  }

  static boolean onPath(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  void repo(String folder, String... refs) throws IOException {
    Path repo = cache.resolve(folder);
    Files.createDirectories(repo.resolve("snapshots").resolve(COMMIT));
    for (String name : refs) {
      Path ref = repo.resolve("refs").resolve(name);
      Files.createDirectories(ref.getParent());
      Files.writeString(ref, COMMIT);
    }
  }

  /** A command in an environment in which the program is on the PATH. */
  Program.Running command(String... command) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "env",
                "PATH=" + Program.LAUNCHER.getParent() + ":" + System.getenv("PATH"),
                "HF_HUB_CACHE=" + cache,
                "LC_ALL=C.UTF-8",
                "TERM=xterm"));
    all.addAll(List.of(command));
    return program.command(all.toArray(String[]::new));
  }

  private void offers(String line, String... words) throws Exception {
    assertEquals(new TreeSet<>(List.of(words)), new TreeSet<>(candidates(line)), line);
  }

  @Test
  void commandsAreOffered() throws Exception {
    offers(
        "exo-dl ",
        "sync",
        "plan",
        "serve",
        "status",
        "verify",
        "cache",
        "cluster",
        "demo",
        "doctor",
        "export",
        "import",
        "preload",
        "completion",
        "help");
    offers("exo-dl ver", "verify");
    offers("exo-dl cache ", "ls", "rm", "prune");
    offers("exo-dl completion ", "bash", "zsh", "fish");
    offers("exo-dl help d", "demo", "doctor");
  }

  @Test
  void optionsOfACommandAreOfferedWithoutTheHiddenOnes() throws Exception {
    offers(
        "exo-dl cache rm --",
        "--cache-dir",
        "--cache-path",
        "--dry-run",
        "--help",
        "--json",
        "--quiet",
        "--repo-type",
        "--verbose",
        "--yes");
    offers("exo-dl sync org/name --max", "--max-connections", "--max-lan-rate", "--max-rate");
    offers("exo-dl cache prune --dry-run --y", "--yes");
  }

  @Test
  void valuesOfOptionsAreOfferedInBothForms() throws Exception {
    offers("exo-dl sync --repo-type ", "model", "dataset", "space");
    offers("exo-dl sync --repo-type=d", "--repo-type=dataset");
    offers(
        "exo-dl demo --progress=",
        "--progress=auto",
        "--progress=bar",
        "--progress=plain",
        "--progress=json",
        "--progress=none");
    offers("exo-dl sync --token sync --progress b", "bar");
  }

  @Test
  void foldersAreOfferedAndTheirNamesAreOnlyNames() throws Exception {
    Path home = temp.resolve("folders");
    Files.createDirectories(home.resolve("one two"));
    Files.createDirectories(home.resolve("$(touch pwned)"));
    Files.writeString(home.resolve("file"), "");
    offers("exo-dl demo --keep folders/o", "folders/one two");
    offers("exo-dl sync --cache-dir=folders/o", "--cache-dir=folders/one two");
    offers("exo-dl cache ls --cache-dir folders/", "folders/one two", "folders/$(touch pwned)");
    Files.createDirectories(home.resolve("$(touch pwned)/below"));
    offers("exo-dl demo --keep folders/\\$\\(touch\\ pwned\\)/b", "folders/$(touch pwned)/below");
  }

  @Test
  void cachedReposAreOffered() throws Exception {
    offers("exo-dl sync ", "gpt2", "org/name", "datasets/org/data");
    offers("exo-dl verify --offline o", "org/name");
    offers("exo-dl cache rm gpt2 ", "org/name", "datasets/org/data");
    offers("exo-dl sync --repo-type dataset ", "org/data");
    offers("exo-dl sync hf://d", "hf://datasets/org/data");
    offers("exo-dl sync -- gp", "gpt2");
  }

  @Test
  void revisionsOfACachedRepoAreOffered() throws Exception {
    offers("exo-dl cache rm org/name@v", "org/name@v1.0");
    offers(
        "exo-dl sync org/name@",
        "org/name@main",
        "org/name@v1.0",
        "org/name@refs/pr/3",
        "org/name@" + COMMIT);
    offers("exo-dl verify hf://gpt2@m", "hf://gpt2@main");
  }

  @Test
  void theCacheNamedOnTheLineIsAsked() throws Exception {
    Files.createDirectories(temp.resolve("other one/models--a--b"));
    offers("exo-dl sync --cache-dir 'other one' ", "a/b");
    offers("exo-dl cache rm --cache-dir=other\\ one a", "a/b");
    offers("exo-dl verify --cache-dir \"$HOME/../other one\" a", "a/b");
  }

  @Test
  void hostileNamesInTheCacheAreNotOffered() throws Exception {
    for (String name : List.of("$(touch pwned)--x", "a;touch pwned", "a'b", "a\nb--c", "`x`--y")) {
      Files.createDirectories(cache.resolve("models--" + name));
    }
    repo("models--gpt2", "$(touch pwned)", "`touch pwned`", ";touch pwned", "a'b", "a\nb", "*");
    offers("exo-dl sync ", "gpt2", "org/name", "datasets/org/data");
    offers("exo-dl sync gpt2@", "gpt2@main", "gpt2@" + COMMIT);
  }

  @Test
  void anUnreadableCacheOffersNothingAndSaysNothing() throws Exception {
    Files.writeString(temp.resolve("file"), "");
    assertFalse(candidates("exo-dl sync --cache-dir file o").contains("org/name"));
    Program.Ended asked = program.run("__complete", "repos", "", "--cache-dir", "file");
    assertEquals(new Program.Ended(0, "", ""), asked);
    assertTrue(program.run("__complete", "what").out().isEmpty());
  }
}
