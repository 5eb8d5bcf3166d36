package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.SyncRequest.Place;
import dev.exodl.download.SyncResult;
import dev.exodl.model.Commit;
import dev.exodl.store.Link;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of {@code sync} for what is on this machine, and for how files lie. */
class ReuseCommandTest {
  private static final Path HUB = Path.of("/home/me/.cache/huggingface/hub");
  private static final Path OLLAMA = Path.of("/home/me/.ollama/models/blobs");
  @TempDir Path temp;
  private final Harness harness = new Harness();

  private void sync(String... options) {
    harness.sync =
        s ->
            new SyncResult(
                s.request().repo(),
                s.request().revision(),
                new Commit("0123456789abcdef0123456789abcdef01234567"),
                Path.of("/there"),
                List.of(),
                List.of(),
                0,
                0,
                0,
                0,
                false,
                false,
                Duration.ZERO,
                List.of(),
                Optional.empty());
    String[] words = new String[options.length + 2];
    words[0] = "sync";
    words[1] = "org/name";
    System.arraycopy(options, 0, words, 2, options.length);
    harness.code = harness.run(words);
  }

  private void refuses(String message, String... options) {
    sync(options);
    assertEquals(2, harness.code, harness.console.stderr());
    assertEquals("exo-dl: " + message + "\n", harness.console.stderr());
  }

  private List<Path> folders() {
    assertEquals(0, harness.code, harness.console.stderr());
    return harness.settings.reuse().folders();
  }

  @Test
  void knownStoresAreLookedIntoUnlessThatIsNotWanted() {
    sync();
    assertTrue(folders().containsAll(List.of(HUB, OLLAMA)), () -> folders().toString());
    assertEquals(Link.AUTO, harness.settings.reuse().link());
    assertEquals(
        Path.of("/home/me/.cache/exo-dl/digests"), harness.settings.reuse().memory().orElseThrow());
    sync("--no-reuse");
    assertEquals(List.of(), folders());
    harness.environment.put("EXO_DL_REUSE_KNOWN", "no");
    sync();
    assertEquals(List.of(), folders());
  }

  @Test
  void anotherCacheThanTheUsualOneIsAStore() {
    sync("--cache-dir", temp.toString());
    assertTrue(folders().containsAll(List.of(temp, HUB)));
  }

  @Test
  void foldersAreNamedByOptionsOrElseBySettings() {
    Path one = temp.resolve("one");
    Path two = temp.resolve("two");
    assertTrue(one.toFile().mkdir() && two.toFile().mkdir());
    harness.environment.put("EXO_DL_REUSE", "~/models:/more");
    harness.environment.put("EXO_DL_LINK", "hard");
    sync("--no-reuse");
    assertEquals(List.of(Path.of("/home/me/models"), Path.of("/more")), folders());
    assertEquals(Link.HARD, harness.settings.reuse().link());
    sync("--no-reuse", "--reuse", one.toString(), "--reuse", two.toString(), "--link", "copy");
    assertEquals(List.of(one, two), folders());
    assertEquals(Link.COPY, harness.settings.reuse().link());
    sync("--reuse", one.toString());
    assertTrue(folders().contains(OLLAMA));
    assertFalse(folders().contains(two));
  }

  @Test
  void aFolderThatIsNotThereIsAMistake() {
    refuses(
        "there is no folder '/nowhere' (--reuse); name one that is there, or leave it out",
        "--reuse",
        "/nowhere");
  }

  @Test
  void wordsThatAreNoneAreRefused() {
    sync("--link", "soft");
    assertEquals(2, harness.code);
    assertTrue(harness.console.stderr().contains("--link"), harness.console.stderr());
    harness.environment.put("EXO_DL_LINK", "soft");
    Harness fresh = harness;
    assertEquals(2, runs(fresh), fresh.console.stderr());
    assertTrue(fresh.console.stderr().contains("EXO_DL_LINK"), fresh.console.stderr());
  }

  private static int runs(Harness harness) {
    try {
      return harness.run("sync", "org/name");
    } catch (dev.exodl.model.FailureException e) {
      // As Main tells it, before there is a command.
      harness.console.tell(e.failure().where());
      return e.failure().exitCode().number();
    }
  }

  private Place place() {
    assertEquals(0, harness.code, harness.console.stderr());
    return harness.request.place();
  }

  @Test
  void exoFindsTheModelInItsFolderOrBelowTheOneThatIsNamed() {
    sync("--layout", "exo");
    assertEquals(
        new Place.LocalDir(Path.of("/home/me/.local/share/exo/models/org--name"), HUB), place());
    harness.environment.put("EXO_MODELS_DIRS", temp.toString());
    sync("--layout", "exo");
    assertEquals(new Place.LocalDir(temp.resolve("org--name"), HUB), place());
    sync("--layout", "exo", "--local-dir", "/models");
    assertEquals(new Place.LocalDir(Path.of("/models/org--name"), HUB), place());
    harness.environment.put("EXO_DL_LAYOUT", "exo");
    sync();
    assertEquals(new Place.LocalDir(temp.resolve("org--name"), HUB), place());
  }

  @Test
  void theOtherLayoutsAreTheCacheAndALocalDir() {
    sync("--layout", "hf", "--cache-dir", "/cache");
    assertEquals(new Place.Cache(Path.of("/cache")), place());
    sync("--layout", "dir", "--local-dir", "/plain");
    assertEquals(new Place.LocalDir(Path.of("/plain"), HUB), place());
    sync("--local-dir", "/plain");
    assertEquals(new Place.LocalDir(Path.of("/plain"), HUB), place());
  }

  @Test
  void aLayoutAndAPlaceThatDoNotFitAreRefused() {
    refuses("the layout dir needs a folder (--layout); add --local-dir", "--layout", "dir");
  }

  @Test
  void theLayoutOfTheCacheIsNotThatOfALocalDir() {
    refuses(
        "--local-dir holds plain files, and the layout hf is that of the cache (--layout); take"
            + " --layout dir, or --cache-dir",
        "--layout",
        "hf",
        "--local-dir",
        "/x");
  }

  @Test
  void exoHasModelsOnly() {
    refuses(
        "exo has models only, and this is a dataset (--layout); take another layout",
        "--layout",
        "exo",
        "--repo-type",
        "dataset");
  }

  @Test
  void exoTakesNoCacheFolder() {
    refuses(
        "--cache-dir is for the layout hf only (--layout); take --local-dir",
        "--layout",
        "exo",
        "--cache-dir",
        "/x");
  }
}
