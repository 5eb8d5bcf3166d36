package dev.exodl.cli.complete;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionRequestTest {
  private static final String COMMIT = "1111111111111111111111111111111111111111";

  @TempDir Path temp;

  private Path cache;
  private Map<String, String> environment;

  @BeforeEach
  void aCache() throws IOException {
    cache = temp.resolve("hub");
    environment = new HashMap<>(Map.of("HF_HUB_CACHE", cache.toString(), "HOME", temp.toString()));
    repo("models--org--name", "main", "v1.0", "refs/pr/3");
    repo("models--gpt2", "main");
    repo("datasets--org--data", "main");
    repo("datasets--squad", "main");
  }

  private void repo(String folder, String... refs) throws IOException {
    Path repo = cache.resolve(folder);
    Files.createDirectories(repo.resolve("snapshots").resolve(COMMIT));
    for (String name : refs) {
      Path ref = repo.resolve("refs").resolve(name);
      Files.createDirectories(ref.getParent());
      Files.writeString(ref, COMMIT);
    }
  }

  private List<String> asked(String prefix, String... words) {
    List<String> args = new ArrayList<>(List.of("__complete", "repos", prefix));
    args.addAll(List.of(words));
    return CompletionRequest.answer(args.toArray(String[]::new), environment, "/nowhere")
        .lines()
        .toList();
  }

  @Test
  void reposAreNamedAsSyncTakesThem() {
    assertEquals(List.of("gpt2", "org/name", "datasets/org/data"), asked(""));
    assertEquals(List.of("org/name"), asked("or"));
    assertEquals(
        List.of("hf://gpt2", "hf://org/name", "hf://datasets/org/data", "hf://datasets/squad"),
        asked("hf://"));
    assertEquals(List.of(), asked("zzz"));
  }

  @Test
  void aTypeOnTheLineSaysWhatIdsMean() {
    assertEquals(List.of("org/data", "squad"), asked("", "sync", "--repo-type", "dataset"));
    assertEquals(List.of("squad"), asked("s", "sync", "--repo-type=dataset"));
    assertEquals(List.of("gpt2", "org/name", "datasets/org/data"), asked("", "--repo-type=what"));
  }

  @Test
  void whatIsThereAlreadyIsNotOfferedAgain() {
    assertEquals(
        List.of("org/name", "datasets/org/data"), asked("", "exo-dl", "cache", "rm", "gpt2"));
    assertEquals(
        List.of("gpt2@" + COMMIT), asked("gpt2@", "exo-dl", "cache", "rm", "gpt2", "gpt2@main"));
  }

  @Test
  void afterAnAtRefsAndCommitsFollow() {
    assertEquals(
        List.of("org/name@main", "org/name@refs/pr/3", "org/name@v1.0", "org/name@" + COMMIT),
        asked("org/name@"));
    assertEquals(List.of("org/name@v1.0"), asked("org/name@v"));
    assertEquals(List.of("hf://gpt2@main", "hf://gpt2@" + COMMIT), asked("hf://gpt2@"));
    assertEquals(List.of(), asked("org/nam@"));
  }

  @Test
  void theCacheIsTheOneThatTheCommandWouldUse() throws IOException {
    Path other = Files.createDirectories(temp.resolve("other dir"));
    Files.createDirectories(other.resolve("models--a--b"));
    assertEquals(List.of("a/b"), asked("", "sync", "--cache-dir", other.toString()));
    assertEquals(List.of("a/b"), asked("", "sync", "--cache-dir=~/other dir"));
    environment.put("WHERE", other.toString());
    assertEquals(List.of("a/b"), asked("", "sync", "--cache-dir=$WHERE"));
    environment.put("EXO_DL_CACHE_DIR", other.toString());
    assertEquals(List.of("a/b"), asked(""));
    environment.remove("EXO_DL_CACHE_DIR");
    environment.remove("HF_HUB_CACHE");
    environment.put("HF_HOME", temp.toString());
    assertEquals(List.of("org/name"), asked("org/"));
    environment.remove("HF_HOME");
    Path config = Files.createDirectories(temp.resolve(".config/exo-dl")).resolve("config.yaml");
    Files.writeString(config, "cache-dir: " + other + "\n");
    assertEquals(List.of("a/b"), asked(""));
  }

  @Test
  void namesThatNoRepoHasAreNotOffered() throws IOException {
    for (String hostile :
        List.of(
            "models--$(touch pwned)--x",
            "models--a;touch pwned",
            "models--a'b",
            "models--a\nb--c",
            "models--\u001b]0;x\u0007--c",
            "models---x",
            "models--..--..",
            "models",
            "tmp")) {
      Files.createDirectories(cache.resolve(hostile));
    }
    Files.writeString(cache.resolve("models--a--file"), "");
    Files.createSymbolicLink(cache.resolve("models--a--link"), cache.resolve("models--gpt2"));
    assertEquals(List.of("gpt2", "org/name", "datasets/org/data"), asked(""));
  }

  @Test
  void revisionsThatAShellWouldReadAreNotOffered() throws IOException {
    repo(
        "models--gpt2",
        "$(touch pwned)",
        "`touch pwned`",
        ";touch pwned",
        "a'b",
        "a\"b",
        "a\nb",
        "a\tb",
        "-rf",
        "a*",
        "!1",
        "~root",
        "d\u00e9j\u00e0-vu_1+2");
    Files.createSymbolicLink(cache.resolve("models--gpt2/refs/link"), Path.of("main"));
    assertEquals(
        List.of("gpt2@d\u00e9j\u00e0-vu_1+2", "gpt2@main", "gpt2@" + COMMIT), asked("gpt2@"));
  }

  @Test
  void whatIsWrongIsAnsweredByNothing() throws IOException {
    assertEquals(List.of(), asked("", "sync", "--cache-dir", temp.resolve("none").toString()));
    Path file = Files.writeString(temp.resolve("file"), "");
    assertEquals(List.of(), asked("", "sync", "--cache-dir", file.toString()));
    assertEquals(List.of(), asked("", "sync", "--cache-dir", "a\0b"));
    assertEquals("", CompletionRequest.answer(new String[] {"__complete"}, environment, "/"));
    assertEquals(
        "", CompletionRequest.answer(new String[] {"__complete", "x", ""}, environment, "/"));
    Path config = Files.createDirectories(temp.resolve(".config/exo-dl")).resolve("config.yaml");
    Files.writeString(config, "{{{");
    assertEquals(List.of(), asked(""));
  }

  @Test
  void wrongSettingsOfOtherThingsAreNoMatter() {
    environment.put("EXO_DL_MAX_RATE", "nonsense");
    assertEquals(List.of("gpt2"), asked("g"));
  }

  @Test
  void nothingIsWritten() throws IOException {
    asked("org/name@");
    try (var all = Files.walk(temp)) {
      assertFalse(all.anyMatch(p -> p.toString().contains(".exo-dl")));
    }
    asked("", "sync", "--cache-dir", temp.resolve("none").toString());
    assertFalse(Files.exists(temp.resolve("none")));
    assertTrue(CompletionRequest.is(new String[] {"__complete"}));
    assertFalse(CompletionRequest.is(new String[] {"sync"}));
  }

  @Test
  void severalCachesAreLookedInto() throws IOException {
    Path own = temp.resolve("own");
    Path ref = own.resolve("models--org--more/refs/main");
    Files.createDirectories(ref.getParent());
    Files.writeString(ref, COMMIT);
    assertEquals(List.of("org/name"), asked("org"));
    assertEquals(
        List.of("org/more", "org/name"), asked("org", "--cache-path", cache + "=ro:" + own));
    environment.put("EXO_DL_CACHE_PATH", "~/hub=ro:~/own");
    assertEquals(List.of("org/more", "org/name"), asked("org"));
    assertEquals(List.of("org/name"), asked("org", "--cache-dir", cache.toString()));
  }
}
