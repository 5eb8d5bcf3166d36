package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.model.Commit;
import dev.exodl.store.Link;
import dev.exodl.store.LocalDirTarget;
import dev.exodl.store.Opened;
import dev.exodl.store.Reuse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other programs have on this host is not fetched, and stays as it is. */
class ReuseTest {
  @RegisterExtension final SyncStage stage = new SyncStage();
  private OtherStores stores;

  @BeforeEach
  void stores() {
    stores = new OtherStores(stage.folder().resolve("stores"));
  }

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{\"layers\": 2}").git("again/config.json", "{\"layers\": 2}");
    for (int i = 1; i <= 3; i++) {
      repo.lfs("model-" + i + ".bin", RepoContent.random(i, 3L * MIB + i));
    }
    repo.commit("first");
    return repo;
  }

  private void reuse(Link link, Path... folders) {
    stage.reuse =
        new Reuse(List.of(folders), link, Optional.of(stage.folder().resolve("memory/digests")));
  }

  /** Syncs one file to another cache, which is a store of its own then. */
  private Path cacheWith(HubRepo repo, String... files) {
    Path other = stores.folder().resolve("hub");
    stage.sync(stage.asking(repo).cache(other).files(files).request());
    stage.hub().log().clear();
    return other;
  }

  private long sent() {
    return stage.hub().log().fileBytesServed();
  }

  private SyncEvent.Reused reused(String path) {
    return stage.events(SyncEvent.Reused.class).stream()
        .filter(e -> e.file().path().value().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError(stage.events().toString()));
  }

  private static Object inode(Path path) throws IOException {
    return Files.getAttribute(path, "unix:ino");
  }

  @Test
  void nothingIsFetchedOfWhatOllamaExoAndAnotherCacheHave() throws Exception {
    HubRepo repo = model();
    Path hub = cacheWith(repo, "config.json", "model-3.bin");
    stores.ollama(repo, "model-1.bin");
    stores.exo(repo, "model-2.bin");
    OtherStores.settle();
    Map<String, String> before = stores.all();
    reuse(Link.AUTO, stores.ollama(), stores.exo(), hub);
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(0, result.bytesFetched());
    assertEquals(0, sent());
    assertEquals(repo.totalSize(), result.bytesReused());
    assertEquals(List.of(), result.missing());
    assertEquals(before, stores.all());
    assertNotEquals(Link.COPY, reused("model-1.bin").how());
    assertNotEquals(Link.COPY, reused("model-3.bin").how());
    // Nothing says that exo's own file is never written to again.
    assertNotEquals(Link.HARD, reused("model-2.bin").how());
    assertEquals(Link.COPY, reused("again/config.json").how());
  }

  @Test
  void aHardLinkTakesNoDisk() throws Exception {
    HubRepo repo = model();
    for (int i = 1; i <= 3; i++) {
      stores.exo(repo, "model-" + i + ".bin");
    }
    Path config = stores.exo(repo, "config.json");
    OtherStores.settle();
    Map<String, String> before = stores.all();
    reuse(Link.HARD, stores.exo());
    Path root = stage.syncsWhole(repo).path();
    for (int i = 1; i <= 3; i++) {
      String name = "model-" + i + ".bin";
      assertEquals(Link.HARD, reused(name).how());
      assertEquals(inode(reused(name).from()), inode(root.resolve(name).toRealPath()));
    }
    // People edit it.
    assertNotEquals(inode(config), inode(root.resolve("config.json").toRealPath()));
    assertEquals(before, stores.all());
  }

  @Test
  void copiesWhereThatIsWanted() throws Exception {
    HubRepo repo = model();
    Path from = stores.ollama(repo, "model-1.bin");
    OtherStores.settle();
    reuse(Link.COPY, stores.ollama());
    Path root = stage.syncsWhole(repo).path();
    assertEquals(Link.COPY, reused("model-1.bin").how());
    assertNotEquals(inode(from), inode(root.resolve("model-1.bin").toRealPath()));
    assertEquals(repo.totalSize() - Files.size(from) - 13, sent());
  }

  @Test
  void aFileThatWasWrittenJustNowIsNotLinked() throws Exception {
    HubRepo repo = model();
    Path from = stores.ollama(repo, "model-1.bin");
    // It looks as if it were written in the moment in which it is looked at.
    Files.setLastModifiedTime(
        from, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 60_000));
    reuse(Link.HARD, stores.ollama());
    stage.syncsWhole(repo);
    assertEquals(Link.COPY, reused("model-1.bin").how());
    assertTrue(
        !Files.exists(stage.folder().resolve("memory/digests")), "it is digested at every run");
  }

  @Test
  void whatIsCutOffOrAlteredIsNotBelieved() throws Exception {
    HubRepo repo = model();
    Map<String, String> before;
    byte[] cut = OtherStores.bytes(repo, "model-1.bin");
    OtherStores.write(
        stores.ollama().resolve("sha256-" + repo.blob("model-1.bin").sha256()),
        java.util.Arrays.copyOf(cut, cut.length - 1));
    Path altered = stores.ollama(repo, "model-2.bin");
    byte[] bytes = Files.readAllBytes(altered);
    bytes[MIB] ^= 1;
    Files.write(altered, bytes);
    Path longer = stores.exo(repo, "model-3.bin");
    Files.write(longer, new byte[1], java.nio.file.StandardOpenOption.APPEND);
    OtherStores.settle();
    before = stores.all();
    reuse(Link.HARD, stores.ollama(), stores.exo());
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(List.of(), stage.events(SyncEvent.Reused.class));
    assertEquals(repo.totalSize() - 13, result.bytesFetched());
    assertEquals(before, stores.all());
  }

  @Test
  void digestsAreRememberedUntilTheFileIsTouched() throws Exception {
    HubRepo repo = model();
    Path from = stores.exo(repo, "model-1.bin");
    OtherStores.settle();
    reuse(Link.COPY, stores.exo());
    for (String cache : List.of("one", "two")) {
      stage.sync(stage.asking(repo).cache(stage.folder().resolve(cache)).request());
    }
    assertEquals(1, stage.events(SyncEvent.Checking.class).size());
    assertEquals(2, stage.events(SyncEvent.Reused.class).size());
    byte[] bytes = Files.readAllBytes(from);
    var time = Files.getLastModifiedTime(from);
    bytes[7] ^= 1;
    Files.write(from, bytes);
    // Who sets the time back cannot set back that of the change.
    Files.setLastModifiedTime(from, time);
    stage.sync(stage.asking(repo).cache(stage.folder().resolve("three")).request());
    assertEquals(2, stage.events(SyncEvent.Checking.class).size());
    assertEquals(2, stage.events(SyncEvent.Reused.class).size());
  }

  @Test
  void aMemoryThatMakesNoSenseCountsForNothing() throws Exception {
    HubRepo repo = model();
    stores.exo(repo, "model-1.bin");
    OtherStores.settle();
    reuse(Link.COPY, stores.exo());
    Path memory = stage.reuse.memory().orElseThrow();
    OtherStores.write(memory, "exo-dl digests 1\n1 2 x\n\0 - - - - -\n".getBytes());
    stage.syncsWhole(repo);
    assertEquals(1, stage.events(SyncEvent.Reused.class).size());
    assertEquals(2, Files.readAllLines(memory).size());
  }

  @Test
  void aMemoryThatOthersMayWriteToCountsForNothing() throws Exception {
    HubRepo repo = model();
    stores.exo(repo, "model-1.bin");
    OtherStores.settle();
    reuse(Link.COPY, stores.exo());
    stage.syncsWhole(repo);
    Path memory = stage.reuse.memory().orElseThrow();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(memory)));
    Files.setPosixFilePermissions(memory, PosixFilePermissions.fromString("rw-rw-r--"));
    stage.sync(stage.asking(repo).cache(stage.folder().resolve("two")).request());
    assertEquals(2, stage.events(SyncEvent.Checking.class).size(), "it is digested again");
  }

  /** Somebody else's folder may hold anything. */
  @ParameterizedTest
  @ValueSource(strings = {"state", "journal.7"})
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeOrAHugeFileInThePlaceOfAStateElsewhereDoesNoHarm(String name) throws Exception {
    HubRepo repo = stage.hub().model("org/big");
    repo.lfs("model.bin", RepoContent.random(5, 20L * MIB)).commit("first");
    stage.plant(repo, "model.bin", MIB, 0, 1, 2);
    Path part;
    try (var files = Files.walk(stage.inCache(repo).resolve(".exo-dl"))) {
      part = files.filter(p -> p.endsWith("part")).findFirst().orElseThrow().getParent();
    }
    Path bad = part.resolve(name);
    Files.deleteIfExists(bad);
    assertEquals(0, new ProcessBuilder("mkfifo", bad.toString()).start().waitFor());
    reuse(Link.AUTO, stage.cache());
    for (String cache : List.of("one", "two")) {
      Path other = stage.folder().resolve(cache);
      SyncStage.assertWhole(repo, stage.sync(stage.asking(repo).cache(other).request()).path());
      Files.delete(bad);
      try (var huge = new java.io.RandomAccessFile(bad.toFile(), "rw")) {
        huge.setLength(5L << 30);
      }
    }
    stage.forgetCache();
  }

  @Test
  void withForceAllIsFetched() throws Exception {
    HubRepo repo = model();
    stores.exo(repo, "model-1.bin");
    reuse(Link.AUTO, stores.exo());
    SyncResult result = stage.sync(stage.asking(repo).force().request());
    assertEquals(repo.totalSize() - 13, result.bytesFetched());
    SyncStage.assertWhole(repo, result.path());
  }

  @Test
  void aDryRunLooksAndWritesNothing() throws Exception {
    HubRepo repo = model();
    for (int i = 1; i <= 2; i++) {
      stores.exo(repo, "model-" + i + ".bin");
    }
    OtherStores.settle();
    reuse(Link.AUTO, stores.exo());
    SyncResult result = stage.sync(stage.asking(repo).dryRun().request());
    assertEquals(3L * MIB + 3 + 13, result.bytesFetched());
    assertEquals(Map.of(), SyncStage.tree(stage.cache()));
    assertTrue(!Files.exists(stage.folder().resolve("memory")));
  }

  @Test
  void offlineToo() throws Exception {
    HubRepo repo = model();
    Path hub = cacheWith(repo, "model-1.bin", "model-2.bin", "model-3.bin", "config.json");
    stage.sync(stage.asking(repo).files("config.json").request());
    stage.hub().log().clear();
    reuse(Link.AUTO, hub);
    SyncResult result = stage.sync(stage.asking(repo).offline().request());
    SyncStage.assertWhole(repo, result.path());
    assertEquals(0, result.requests());
  }

  @Test
  void chunksOfAnUnfinishedDownloadElsewhereAreTaken() throws Exception {
    HubRepo repo = stage.hub().model("org/big");
    repo.lfs("model.bin", RepoContent.random(5, 20L * MIB)).commit("first");
    stage.plant(repo, "model.bin", MIB, 0, 1, 2, 7, 11);
    damage(stage.inCache(repo).resolve(".exo-dl"), 7);
    Map<String, String> before = SyncStage.tree(stage.cache());
    reuse(Link.AUTO, stage.cache());
    Path other = stage.folder().resolve("other");
    SyncResult result = stage.sync(stage.asking(repo).cache(other).request());
    SyncStage.assertWhole(repo, result.path());
    assertEquals(16L * MIB, result.bytesFetched());
    assertEquals(before, SyncStage.tree(stage.cache()));
    // It claims what it no longer holds, as a bad disk does.
    stage.forgetCache();
  }

  /** Hugging Face's clients leave the beginning of a file, under the name of the whole's hash. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theBeginningThatAnotherClientLeftIsTaken(boolean right) throws Exception {
    HubRepo repo = stage.hub().model("org/big");
    repo.lfs("model.bin", RepoContent.random(5, 20L * MIB)).commit("first");
    byte[] beginning = Arrays.copyOf(OtherStores.bytes(repo, "model.bin"), 7 * MIB + 5);
    beginning[3 * MIB] ^= (byte) (right ? 0 : 1);
    String name = repo.blob("model.bin").sha256() + ".incomplete";
    Path left = OtherStores.write(stores.folder().resolve("hub/blobs").resolve(name), beginning);
    reuse(Link.AUTO, stores.folder());
    SyncResult result = stage.sync(stage.asking(repo).request());
    SyncStage.assertWhole(repo, result.path());
    // The hash of the whole does not tell which chunks are wrong: then all of them come again.
    assertEquals((right ? 13L : 13 + 20) * MIB, sent());
    assertArrayEquals(beginning, Files.readAllBytes(left));
  }

  /** Changes a byte of a chunk that a part says it holds. */
  private static void damage(Path workshop, int chunk) throws IOException {
    try (var files = Files.walk(workshop)) {
      Path part = files.filter(p -> p.endsWith("part")).findFirst().orElseThrow();
      var time = Files.getLastModifiedTime(part);
      try (var channel =
          java.nio.channels.FileChannel.open(part, java.nio.file.StandardOpenOption.WRITE)) {
        channel.write(java.nio.ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), (long) chunk * MIB);
      }
      Files.setLastModifiedTime(part, time);
    }
  }

  @Test
  void aSnapshotOfLinksIsAFolderToReuseAndALocalDirGetsRealFiles() throws Exception {
    HubRepo repo = model();
    Path hub = cacheWith(repo, "model-1.bin", "model-2.bin", "model-3.bin", "config.json");
    Path snapshot =
        hub.resolve("models--org--model").resolve("snapshots").resolve(repo.head().sha());
    OtherStores.settle();
    reuse(Link.AUTO, snapshot);
    Path dir = stage.folder().resolve("plain");
    SyncResult result = stage.sync(stage.asking(repo).localDir(dir).request());
    SyncStage.assertWhole(repo, dir);
    assertEquals(0, result.bytesFetched());
    for (String name : repo.head().files().keySet()) {
      assertTrue(!Files.isSymbolicLink(dir.resolve(name)), name);
      // What users may edit is no other program's file.
      assertNotEquals(
          inode(snapshot.resolve("model-1.bin").toRealPath()), inode(dir.resolve(name)));
    }
  }

  @Test
  void whatWasUnfinishedInALocalDirGoesWhenTheContentIsFound() throws Exception {
    HubRepo repo = model();
    Path hub = cacheWith(repo, "model-1.bin");
    Path dir = stage.folder().resolve("plain");
    LocalDirTarget target =
        new LocalDirTarget(
            dir, stage.cache(), stage.asking(repo).request().repo(), new Commit(repo.head().sha()));
    Opened opened =
        target.openPart(SyncStage.listed(repo, "model-1.bin"), MIB, (owner, since) -> false);
    ((Opened.Part) opened).part().close();
    assertEquals(1, parts(dir));
    reuse(Link.AUTO, hub);
    stage.sync(stage.asking(repo).localDir(dir).files("model-1.bin").request());
    assertEquals(0, parts(dir));
  }

  private static long parts(Path dir) throws IOException {
    try (var files = Files.list(dir.resolve(".cache").resolve("exo-dl"))) {
      return files.filter(p -> p.getFileName().toString().length() > 64).count();
    }
  }
}
