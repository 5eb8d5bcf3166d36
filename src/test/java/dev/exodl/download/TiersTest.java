package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.store.Caches;
import dev.exodl.store.Link;
import dev.exodl.store.Reuse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Caches that are only read: what they hold is not fetched, and they stay as they are. */
class TiersTest {
  @RegisterExtension final SyncStage stage = new SyncStage();
  private Path tier;
  private HubRepo repo;

  @BeforeEach
  void model() {
    tier = stage.folder().resolve("tier");
    stage.reuse =
        new Reuse(List.of(), Link.AUTO, Optional.of(stage.folder().resolve("memory/digests")));
    repo = stage.hub().model("org/model");
    repo.git("config.json", "{\"layers\": 2}").git("again/config.json", "{\"layers\": 2}");
    for (int i = 1; i <= 3; i++) {
      repo.lfs("model-" + i + ".bin", RepoContent.random(i, 3L * MIB + i));
    }
    repo.commit("first");
  }

  /** Fills the tier with these files, or all; what the hub sends from now on is counted. */
  private void fill(String... files) throws Exception {
    stage.sync(stage.asking(repo).cache(tier).files(files).request());
    stage.hub().log().clear();
    OtherStores.settle();
  }

  private Caches caches() {
    return new Caches(stage.cache(), List.of(tier), Optional.empty());
  }

  private SyncRequest request() {
    return stage.asking(repo).caches(caches()).request();
  }

  private Path snapshot(Path cache) {
    return cache.resolve("models--org--model").resolve("snapshots").resolve(repo.head().sha());
  }

  private Path blob(String file) {
    return tier.resolve("models--org--model/blobs").resolve(repo.blob(file).etag());
  }

  private long sent() {
    return stage.hub().log().fileBytesServed();
  }

  private long size(String... files) {
    return List.of(files).stream().mapToLong(f -> repo.blob(f).size()).sum();
  }

  private void alter(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(blob(file));
    FileTime time = Files.getLastModifiedTime(blob(file));
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob(file), bytes);
    Files.setLastModifiedTime(blob(file), time);
  }

  /** Runs a sync in which something happens at the first event of a kind. */
  private SyncResult syncs(
      SyncRequest request, Predicate<SyncEvent> when, Consumer<ProgressBoard> then) {
    ProgressBoard board = new ProgressBoard();
    List<SyncEvent> met = new ArrayList<>();
    SyncListener listener =
        event -> {
          stage.events().add(event);
          synchronized (met) {
            if (when.test(event)) {
              met.add(event);
              if (met.size() == 1) {
                then.accept(board);
              }
            }
          }
        };
    var settings = new SyncSettings(stage.settings, stage.limits, false, stage.reuse);
    SyncResult result = new Sync(settings, listener, board).run(request);
    assertFalse(met.isEmpty(), () -> stage.events().toString());
    assertEquals(Optional.empty(), board.view().reading());
    return result;
  }

  private void vanish() {
    try {
      Files.move(tier, stage.folder().resolve("gone"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isReading(SyncEvent event) {
    return event instanceof SyncEvent.Detail detail && detail.text().startsWith("checking ");
  }

  private void assertWholeInCache(SyncResult result) throws IOException {
    assertEquals(snapshot(stage.cache()), result.path());
    SyncStage.assertWhole(repo, result.path());
    try (var files = Files.walk(result.path())) {
      for (Path file : files.filter(Files::isSymbolicLink).toList()) {
        assertTrue(file.toRealPath().startsWith(stage.cache()), file.toString());
      }
    }
  }

  @Test
  void aSnapshotThatIsWholeInATierIsUsedThereAndNothingIsWritten() throws Exception {
    fill();
    Map<String, String> before = SyncStage.tree(tier);
    SyncResult result = stage.sync(request());
    assertEquals(snapshot(tier), result.path());
    assertEquals(0, sent());
    assertEquals(repo.totalSize(), result.bytesReused());
    assertEquals(List.of(), result.missing());
    assertEquals(Map.of(), SyncStage.tree(stage.cache()));
    assertEquals(before, SyncStage.tree(tier));
  }

  @Test
  void whatWasReadOnceIsNotReadAgain() throws Exception {
    fill();
    stage.sync(request());
    stage.sync(request());
    assertEquals(
        List.of(new SyncEvent.Checking(4, repo.totalSize() - 13)),
        stage.events(SyncEvent.Checking.class));
  }

  @Test
  void whatIsReadIsToldWhileItIsRead() throws Exception {
    fill();
    List<ProgressBoard.Reading> told = new ArrayList<>();
    syncs(
        request(),
        e -> e instanceof SyncEvent.Checking,
        board -> told.add(board.view().reading().orElseThrow()));
    assertEquals(List.of(new ProgressBoard.Reading(0, repo.totalSize() - 13)), told);
  }

  @Test
  void whatATierHoldsIsBroughtInAndTheRestIsFetched() throws Exception {
    fill("config.json", "model-1.bin", "model-3.bin");
    Map<String, String> before = SyncStage.tree(tier);
    SyncResult result = stage.sync(request());
    assertWholeInCache(result);
    assertEquals(size("model-2.bin"), sent());
    assertEquals(size("model-2.bin"), result.bytesFetched());
    assertEquals(before, SyncStage.tree(tier));
    // From now on it is all in the cache.
    vanish();
    stage.hub().log().clear();
    assertWholeInCache(stage.sync(request()));
    assertEquals(0, sent());
  }

  @Test
  void theCacheThatReceivesGoesFirst() throws Exception {
    fill();
    stage.sync(repo);
    assertWholeInCache(stage.sync(request()));
    assertEquals(List.of(), stage.events(SyncEvent.Checking.class));
  }

  @Test
  void alsoWhereItLacksNothingButLinks() throws Exception {
    stage.sync(repo);
    repo.lfs("copy.bin", RepoContent.random(1, 3L * MIB + 1)).commit("second");
    fill();
    assertWholeInCache(stage.sync(request()));
    assertEquals(0, sent());
    assertEquals(List.of(), stage.events(SyncEvent.Checking.class));
  }

  @Test
  void aTierBehindTheOneThatReceivesIsReadAndNeverWrittenTo() throws Exception {
    fill("model-1.bin");
    Files.createDirectories(stage.cache());
    Map<String, String> before = SyncStage.tree(tier);
    Caches caches =
        Caches.of(
            List.of(
                new Caches.Tier(stage.folder().resolve("not-there"), true),
                new Caches.Tier(stage.cache(), false),
                new Caches.Tier(tier, false)));
    assertWholeInCache(stage.sync(stage.asking(repo).caches(caches).request()));
    assertEquals(repo.totalSize() - size("model-1.bin") - 13, sent());
    assertEquals(before, SyncStage.tree(tier));
    assertFalse(Files.exists(stage.folder().resolve("not-there")));
  }

  @Test
  void aTierOnAnotherDiskIsReadOnceAndWhatIsAlteredIsFetched() throws Exception {
    Path shm = Path.of("/dev/shm");
    boolean other =
        Files.isWritable(shm)
            && !Files.getAttribute(shm, "unix:dev")
                .equals(Files.getAttribute(stage.folder(), "unix:dev"));
    if (!other) {
      System.out.println("/dev/shm is no other disk here: a tier on one is not tried");
    }
    assumeTrue(other, "/dev/shm is no other disk");
    tier = Files.createTempDirectory(shm, "exo-dl-tier");
    try {
      fill("model-1.bin", "model-2.bin", "config.json");
      alter("model-2.bin");
      Map<String, String> before = SyncStage.tree(tier);
      assertWholeInCache(stage.sync(request()));
      assertEquals(size("model-2.bin", "model-3.bin"), sent());
      assertEquals(0, stage.events().stream().filter(TiersTest::isReading).count());
      assertEquals(
          List.of("again/config.json", "model-1.bin"),
          stage.events(SyncEvent.Reused.class).stream().map(e -> e.file().path().value()).toList());
      assertEquals(before, SyncStage.tree(tier));
    } finally {
      SyncStage.delete(tier);
    }
  }

  @Test
  void alteredContentIsNotBelieved() throws Exception {
    fill();
    alter("model-2.bin");
    Map<String, String> before = SyncStage.tree(tier);
    SyncResult result = stage.sync(request());
    assertWholeInCache(result);
    assertEquals(size("model-2.bin"), sent());
    assertEquals(before, SyncStage.tree(tier));
    assertEquals(
        List.of(
            "1 of 5 files in "
                + snapshot(tier)
                + " have not the content that is listed, the first is model-2.bin: what is wrong"
                + " is not used"),
        result.warnings());
  }

  @Test
  void contentThatIsAlteredAfterItWasReadOnceIsNotBelieved() throws Exception {
    fill();
    stage.sync(request());
    alter("model-2.bin");
    assertWholeInCache(stage.sync(request()));
    assertEquals(size("model-2.bin"), sent());
  }

  @Test
  void theHubSaysWhatIsRightAndNotATier() throws Exception {
    fill();
    alter("model-2.bin");
    Path listing = tier.resolve("models--org--model/trees").resolve(repo.head().sha() + ".json");
    byte[] wrong = Files.readAllBytes(blob("model-2.bin"));
    String hex = OtherStores.sha256(wrong);
    Files.writeString(
        listing, Files.readString(listing).replace(repo.blob("model-2.bin").etag(), hex));
    Files.move(blob("model-2.bin"), blob("model-2.bin").resolveSibling(hex));
    Path link = snapshot(tier).resolve("model-2.bin");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("../../blobs/" + hex));
    assertWholeInCache(stage.sync(request()));
    assertEquals(size("model-2.bin"), sent());
  }

  @Test
  void aTierThatIsNotThereCountsForNothing() throws Exception {
    assertWholeInCache(stage.sync(request()));
    assertFalse(Files.exists(tier));
  }

  @Test
  void aTierThatGoesWhileItsSnapshotIsReadIsSurvived() throws Exception {
    fill();
    SyncResult result = syncs(request(), TiersTest::isReading, b -> vanish());
    assertWholeInCache(result);
    assertEquals(repo.totalSize() - 13, sent());
    assertTrue(result.warnings().getFirst().endsWith("is not there any more: it is not used"));
  }

  @Test
  void aTierThatGoesBetweenTheLookAndTheCopyIsSurvived() throws Exception {
    fill("model-1.bin", "model-2.bin", "model-3.bin");
    SyncResult result = syncs(request(), e -> e instanceof SyncEvent.Reused, b -> vanish());
    assertWholeInCache(result);
    assertEquals(1, stage.events(SyncEvent.Reused.class).size());
    String first = stage.events(SyncEvent.Reused.class).getFirst().file().path().value();
    assertEquals(repo.totalSize() - 13 - size(first), sent());
  }

  @Test
  void aTierThatGoesBeforeItIsReadIsSurvived() throws Exception {
    fill("model-1.bin", "model-2.bin", "model-3.bin");
    SyncResult result = syncs(request(), e -> e instanceof SyncEvent.Resolved, b -> vanish());
    assertWholeInCache(result);
    assertEquals(repo.totalSize() - 13, sent());
  }

  @Test
  void withForceAllIsFetched() throws Exception {
    fill();
    assertWholeInCache(stage.sync(stage.asking(repo).caches(caches()).force().request()));
    assertEquals(repo.totalSize() - 13, sent());
  }

  @Test
  void aDryRunLooksAndWritesNothing() throws Exception {
    fill("model-1.bin");
    Map<String, String> before = SyncStage.tree(tier);
    SyncResult result = stage.sync(stage.asking(repo).caches(caches()).dryRun().request());
    assertEquals(repo.totalSize() - 13 - size("model-1.bin"), result.bytesFetched());
    assertEquals(Map.of(), SyncStage.tree(stage.cache()));
    assertEquals(before, SyncStage.tree(tier));
    assertFalse(Files.exists(stage.folder().resolve("memory")));
  }

  @Test
  void offlineTheTiersAreEnough() throws Exception {
    fill();
    SyncResult result = stage.sync(stage.asking(repo).caches(caches()).offline().request());
    assertEquals(snapshot(tier), result.path());
    assertEquals(0, result.requests());
    assertEquals(Map.of(), SyncStage.tree(stage.cache()));
  }

  @Test
  void offlineWhatIsInBothComesTogether() throws Exception {
    fill("model-1.bin", "model-2.bin", "model-3.bin");
    stage.sync(stage.asking(repo).files("config.json", "again/config.json").request());
    SyncResult result = stage.sync(stage.asking(repo).caches(caches()).offline().request());
    assertWholeInCache(result);
    assertEquals(0, result.requests());
  }

  @Test
  void withoutTheNetworkWhatIsInATierIsUsed() throws Exception {
    fill();
    stage.hub().close();
    SyncResult result = stage.sync(request());
    assertEquals(snapshot(tier), result.path());
    assertTrue(result.offline());
  }

  @Test
  void ofACommitThatIsPinnedToo() throws Exception {
    fill();
    stage.hub().close();
    SyncRequest main = request();
    SyncRequest pinned =
        new SyncRequest(
            main.repo(),
            main.revision(),
            main.selection(),
            main.place(),
            false,
            false,
            false,
            0,
            Optional.empty(),
            Optional.of(new Commit(repo.head().sha())));
    assertEquals(snapshot(tier), stage.sync(pinned).path());
  }

  @Test
  void filesThatAreNamedNeedBeWholeOnly() throws Exception {
    fill("config.json", "model-1.bin");
    SyncResult result =
        stage.sync(stage.asking(repo).caches(caches()).files("model-1.bin").request());
    assertEquals(snapshot(tier).resolve("model-1.bin"), result.path());
    assertEquals(0, sent());
  }

  @Test
  void anotherCommitOfATierGivesItsBlobs() throws Exception {
    fill();
    repo.lfs("model-1.bin", RepoContent.random(9, 3L * MIB)).commit("second");
    SyncResult result = stage.sync(request());
    assertWholeInCache(result);
    assertEquals(3L * MIB, sent());
  }

  @Test
  void aLocalDirIsFilledFromATier() throws Exception {
    fill();
    Path dir = stage.folder().resolve("plain");
    Map<String, String> before = SyncStage.tree(tier);
    SyncResult result = stage.sync(stage.asking(repo).caches(caches()).localDir(dir).request());
    assertEquals(dir, result.path());
    SyncStage.assertWhole(repo, dir);
    assertEquals(0, sent());
    // Named by its hash, it is digested on its way, and not before.
    assertEquals(0, stage.events().stream().filter(TiersTest::isReading).count());
    stage.sync(request());
    assertEquals(1, stage.events(SyncEvent.Checking.class).size(), "it was remembered");
    assertEquals(before, SyncStage.tree(tier));
  }

  @Test
  void whereNoneReceivesATierIsEnoughWhenItHasAll() throws Exception {
    fill();
    Map<String, String> before = SyncStage.tree(tier);
    Caches none = Caches.of(List.of(new Caches.Tier(tier, true)));
    SyncResult result = stage.sync(stage.asking(repo).caches(none).request());
    assertEquals(snapshot(tier), result.path());
    assertEquals(before, SyncStage.tree(tier));
  }

  @Test
  void whereNoneReceivesAndSomethingIsMissingItFailsAndWritesNothing() throws Exception {
    fill("model-1.bin");
    Map<String, String> before = SyncStage.tree(tier);
    Caches none =
        Caches.of(
            List.of(
                new Caches.Tier(tier, true),
                new Caches.Tier(stage.folder().resolve("not-there"), true)));
    Failure failure =
        assertThrows(
                FailureException.class, () -> stage.sync(stage.asking(repo).caches(none).request()))
            .failure();
    assertInstanceOf(Failure.Storage.class, failure);
    assertEquals(14, failure.exitCode().number());
    assertEquals(
        "none of the caches can be written to ("
            + tier
            + " is to be read only, "
            + stage.folder().resolve("not-there")
            + " is to be read only); add a folder that can be to --cache-path (or"
            + " EXO_DL_CACHE_PATH)",
        failure.line());
    assertEquals(0, sent());
    assertEquals(before, SyncStage.tree(tier));
  }
}
