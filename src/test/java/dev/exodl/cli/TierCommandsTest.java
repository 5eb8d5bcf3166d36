package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.SyncRequest.Place;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.model.FailureException;
import dev.exodl.store.Caches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several caches on the command line, and what each command makes of them. */
class TierCommandsTest {
  @TempDir Path temp;
  private final HubEmulator hub = HubEmulator.start();
  private HubRepo repo;
  private Path store;
  private Path own;

  @BeforeEach
  void folders() throws IOException {
    temp = temp.toRealPath();
    store = Files.createDirectory(temp.resolve("store"));
    own = temp.resolve("own");
    repo = hub.model("org/model").git("config.json", "{}");
    repo.lfs("model.bin", RepoContent.random(1, 1 << 20)).commit("first");
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private Harness harness() {
    Harness harness = new Harness();
    harness.jobs = new RealJobs();
    harness.environment.put("HOME", temp.resolve("home").toString());
    harness.environment.put("HF_ENDPOINT", hub.url());
    return harness;
  }

  private Harness runs(int code, String... words) {
    Harness harness = harness();
    harness.environment.put("EXO_DL_CACHE_PATH", store + "=ro:" + own);
    assertEquals(code, harness.run(words), harness.console.stderr());
    return harness;
  }

  private Harness runs(String... words) {
    return runs(0, words);
  }

  private void fill() {
    Harness harness = harness();
    assertEquals(0, harness.run("sync", "org/model", "-q", "--cache-dir", store.toString()));
    hub.log().clear();
  }

  private Path snapshot(Path cache) {
    return cache.resolve("models--org--model").resolve("snapshots").resolve(repo.head().sha());
  }

  private static Place place(Harness harness, String... words) {
    harness.sync =
        s -> {
          throw new FailureException(
              new dev.exodl.model.Failure.NotFound("nothing", "here", "there is no more"));
        };
    String[] all = new String[words.length + 2];
    all[0] = "sync";
    all[1] = "org/model";
    System.arraycopy(words, 0, all, 2, words.length);
    assertEquals(11, harness.run(all), harness.console.stderr());
    return harness.request.place();
  }

  private static void refuses(String message, String... words) {
    Harness harness = new Harness();
    String[] all = new String[words.length + 2];
    all[0] = "sync";
    all[1] = "org/model";
    System.arraycopy(words, 0, all, 2, words.length);
    assertEquals(2, harness.run(all), harness.console.stderr());
    assertEquals("exo-dl: " + message + "\n", harness.console.stderr());
  }

  private Caches both() {
    return new Caches(own, List.of(store), Optional.empty());
  }

  @Test
  void optionsGoBeforeSettingsAndSeveralCachesBeforeOne() {
    Harness harness = new Harness();
    harness.environment.put("HF_HUB_CACHE", "/one");
    harness.environment.put("EXO_DL_CACHE_PATH", store + "=ro:" + own);
    assertEquals(new Place.Cache(both()), place(harness));
    assertEquals(new Place.Cache(Path.of("/two")), place(harness, "--cache-dir", "/two"));
    assertEquals(
        new Place.Cache(Caches.one(store)), place(harness, "--cache-path", store.toString()));
  }

  @Test
  void theHomeIsPutInBehindColonsToo() throws IOException {
    Path home = Files.createDirectories(temp.resolve("home/hub"));
    Harness harness = new Harness();
    harness.environment.put("HOME", temp.resolve("home").toString());
    assertEquals(
        new Place.Cache(new Caches(home, List.of(store), Optional.empty())),
        place(harness, "--cache-path", store + "=ro:~/hub"));
  }

  @Test
  void otherLayoutsLookIntoThemToo() {
    Harness harness = new Harness();
    harness.environment.put("EXO_DL_CACHE_PATH", store + "=ro:" + own);
    assertEquals(
        new Place.LocalDir(Path.of("/plain"), both()), place(harness, "--local-dir", "/plain"));
    assertEquals(
        new Place.LocalDir(Path.of("/exo/org--model"), both()),
        place(harness, "--layout", "exo", "--local-dir", "/exo"));
    // They need none that receives.
    assertEquals(
        new Place.LocalDir(
            Path.of("/plain"),
            new Caches(
                Path.of("/home/me/.cache/huggingface/hub"), List.of(store), Optional.empty())),
        place(harness, "--local-dir", "/plain", "--cache-path", store + "=ro"));
  }

  @Test
  void aFolderThatIsEmptyIsRefused() {
    refuses(
        "bad value '/a::/b' for cache-path: one of its folders is empty (--cache-path); change or"
            + " remove it",
        "--cache-path",
        "/a::/b");
  }

  @Test
  void anEndThatIsEmptyIsRefused() {
    refuses(
        "bad value '/a:' for cache-path: one of its folders is empty (--cache-path); change or"
            + " remove it",
        "--cache-path",
        "/a:");
  }

  @Test
  void aFolderThatIsThereTwiceIsRefused() {
    refuses(
        "bad value '/a:/b:/a=ro' for cache-path: it names a folder twice (--cache-path); change"
            + " or remove it",
        "--cache-path",
        "/a:/b:/a=ro");
  }

  @Test
  void aLinkToAFolderIsThatFolder() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), store);
    String value = store + ":" + link;
    refuses(
        "bad value '"
            + value
            + "' for cache-path: '"
            + store
            + "' and '"
            + link
            + "' are the same folder (--cache-path); change or remove it",
        "--cache-path",
        value);
  }

  @Test
  void oneCacheAndSeveralExcludeEachOther() {
    refuses(
        "--cache-dir and --cache-path exclude each other (--cache-path); give one of them",
        "--cache-path",
        "/a",
        "--cache-dir",
        "/b");
  }

  @Test
  void syncPrintsThePathInTheStoreOrInTheOwnCache() {
    fill();
    assertEquals(snapshot(store) + "\n", runs("sync", "org/model", "-q").console.stdout());
    assertEquals(0, hub.log().fileBytesServed());
    assertFalse(Files.exists(own));
    repo.git("more.json", "[]").commit("second");
    assertEquals(snapshot(own) + "\n", runs("sync", "org/model", "-q").console.stdout());
    assertEquals(2, hub.log().fileBytesServed());
  }

  @Test
  void whereNoneReceivesThatIsToldWithItsCode() {
    Harness harness = harness();
    int code = harness.run("sync", "org/model", "--json", "-q", "--cache-path", store + "=ro");
    assertEquals(14, code);
    String told = harness.console.stdout();
    assertTrue(told.contains("\"kind\":\"storage\""), told);
    assertTrue(told.contains(store + " is to be read only"), told);
  }

  @Test
  void preloadAsSync() throws IOException {
    fill();
    Path list = Files.writeString(temp.resolve("models.yaml"), "models: [org/model]");
    Harness harness = runs("preload", list.toString(), "-q");
    assertTrue(
        harness.console.stdout().contains(snapshot(store).toString()), harness.console.stdout());
    assertFalse(Files.exists(own));
    harness = harness();
    assertEquals(2, harness.run("preload", list.toString(), "--cache-path", ":"));
  }

  @Test
  void planVerifyAndExportFindItThere() {
    fill();
    runs("plan", "org/model", "--nodes", "2", "--offline", "-q");
    Harness verify = runs("verify", "org/model", "--offline", "--json");
    assertTrue(verify.console.stdout().contains("\"right\":2"), verify.console.stdout());
    verify = runs("verify", "--json");
    assertTrue(verify.console.stdout().contains("\"right\":2"), verify.console.stdout());
    Path tar = temp.resolve("model.tar");
    runs("export", "org/model", "-q", "-o", tar.toString());
    Path other = temp.resolve("other");
    assertEquals(0, harness().run("import", tar.toString(), "-q", "--cache-dir", other.toString()));
    assertEquals(0, harness().run("verify", "-q", "--cache-dir", other.toString()));
    assertTrue(Files.exists(snapshot(other).resolve("model.bin")));
    assertFalse(Files.exists(own));
  }

  @Test
  void exportTakesFromSeveralWhatIsSpreadAmongThem() throws IOException {
    fill();
    Files.createDirectories(own);
    assertEquals(
        0, harness().run("sync", "org/model", "config.json", "-q", "--cache-dir", own.toString()));
    Files.delete(snapshot(store).resolve("config.json"));
    Files.delete(
        store.resolve("models--org--model/blobs").resolve(repo.blob("config.json").etag()));
    runs("export", "org/model", "-q", "-o", temp.resolve("model.tar").toString());
  }

  @Test
  void importGoesToTheOneThatReceives() {
    fill();
    Path tar = temp.resolve("model.tar");
    runs("export", "org/model", "-q", "-o", tar.toString());
    assertEquals(snapshot(own) + "\n", runs("import", tar.toString(), "-q").console.stdout());
    Harness none = harness();
    assertEquals(14, none.run("import", tar.toString(), "-q", "--cache-path", store + "=ro"));
  }

  @Test
  void cacheLsListsAllAndRmAndPruneTouchOnlyTheOneThatReceives() {
    fill();
    Harness ls = runs("cache", "ls", "--json");
    String told = ls.console.stdout();
    assertTrue(told.contains("\"cacheDir\":\"" + own + "\""), told);
    assertTrue(told.contains("\"onlyRead\":[\"" + store + "\"]"), told);
    assertTrue(told.contains("\"path\":\"" + store + "/models--org--model\""), told);
    ls = runs("cache", "ls");
    assertTrue(ls.console.stderr().contains("0 repos, 0 B in " + own), ls.console.stderr());
    assertTrue(ls.console.stderr().contains("1 repo, 1.0 MB in " + store), ls.console.stderr());
    runs(11, "cache", "rm", "org/model", "--yes");
    runs("cache", "prune", "--yes");
    assertTrue(Files.exists(snapshot(store).resolve("model.bin")));
    Harness none = harness();
    assertEquals(14, none.run("cache", "prune", "--yes", "--cache-path", store + "=ro"));
  }

  @Test
  void doctorLooksAtEach() throws IOException {
    Files.createDirectories(own);
    String told = runs("doctor", "--offline").console.stdout();
    assertTrue(told.contains("ok    tier: " + store + " can be read, and is only read"), told);
    assertTrue(told.contains("ok    cache: " + own + " can be written"), told);
    Files.delete(store);
    told = runs("doctor", "--offline").console.stdout();
    assertTrue(told.contains("hm    tier: " + store + " is not there; mount it"), told);
    Harness none = harness();
    assertEquals(14, none.run("doctor", "--offline", "--cache-path", store + "=ro"));
    assertTrue(
        none.console.stdout().contains("FAIL  cache: none of the caches can be written to"),
        none.console.stdout());
  }

  @Test
  void serveSharesWhatAllHold() {
    Harness harness = new Harness();
    harness.environment.put("EXO_DL_CACHE_PATH", store + "=ro:" + own);
    assertEquals(0, harness.run("serve"), harness.console.stderr());
    assertEquals(both(), harness.served.caches());
    assertTrue(
        harness.console.stderr().contains(" of " + own + " and " + store + " at "),
        harness.console.stderr());
  }
}
