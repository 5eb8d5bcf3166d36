package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Host;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.model.Failure;
import dev.exodl.model.RepoFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Syncs of what is here already, wholly or in part, and syncs that cannot or shall not fetch. */
class AgainTest {
  private static final int SIZE = 12 * MIB + 77;

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{}")
        .git("sub/notes.txt", "notes")
        .lfs("model.bin", RepoContent.random(1, SIZE))
        .commit("first");
    return repo;
  }

  private int requests() {
    return stage.hub().log().all().size();
  }

  @Test
  void asksOnceWhenAllIsHereAndNeverWhenTheCommitIsGiven() throws Exception {
    HubRepo repo = model();
    SyncResult first = stage.syncsWhole(repo);
    stage.hub().log().clear();
    SyncResult again = stage.sync(repo);
    assertEquals(1, requests());
    assertEquals(1, again.requests());
    assertEquals(0, again.bytesFetched());
    assertEquals(first.path(), again.path());

    stage.hub().log().clear();
    SyncResult byCommit = stage.sync(stage.asking(repo).revision(repo.head().sha()).request());
    assertEquals(0, requests());
    assertEquals(0, byCommit.requests());
    assertEquals(first.path(), byCommit.path());
  }

  @Test
  void fetchesOnlyWhatChangedInANewCommit() throws Exception {
    HubRepo repo = model();
    stage.syncsWhole(repo);
    repo.git("config.json", "{\"new\": true}").git("added.txt", "added").commit("second");
    SyncResult result = stage.syncsWhole(repo);
    assertEquals("{\"new\": true}".length() + "added".length(), result.bytesFetched());
  }

  @Test
  void usesWhatIsHereWhenOffline() throws Exception {
    HubRepo repo = model();
    SyncResult online = stage.syncsWhole(repo);
    stage.hub().log().clear();
    SyncResult offline = stage.sync(stage.asking(repo).offline().request());
    assertEquals(online.path(), offline.path());
    assertTrue(offline.offline());
    assertEquals(0, requests());
  }

  @Test
  void saysWhatIsMissingWhenOffline() throws Exception {
    HubRepo repo = model();
    Failure never = stage.fails(stage.asking(repo).offline().request());
    assertInstanceOf(Failure.NotFound.class, never);
    assertEquals(Map.of(), SyncStage.tree(stage.cache()));

    stage.sync(stage.asking(repo).include("*.json").request());
    stage.hub().log().clear();
    Failure partial = stage.fails(stage.asking(repo).offline().request());
    assertInstanceOf(Failure.Partial.class, partial);
    assertEquals("2 of 3 files are not here, the first is model.bin", partial.what());
    stage.sync(stage.asking(repo).offline().include("*.json").request());
    assertEquals(0, requests());
  }

  @Test
  void warnsAndUsesTheCacheWhenTheHubIsAway() throws Exception {
    HubRepo repo = model();
    SyncResult before = stage.syncsWhole(repo);
    stage.hub().goAway(Host.HUB);
    SyncResult result = stage.sync(repo);
    assertEquals(before.path(), result.path());
    assertEquals(1, result.warnings().size());
    assertTrue(
        result.warnings().getFirst().contains("which is here whole"), result.warnings()::toString);
  }

  @Test
  void failsWhenTheHubIsAwayAndNothingIsHere() throws Exception {
    HubRepo repo = model();
    stage.hub().goAway(Host.HUB);
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.Network.class, failure);
    assertTrue(failure.what().contains("refused the connection"), failure::line);
    assertTrue(stage.events(SyncEvent.Retrying.class).size() <= 10, "it does not try for ever");
    assertEquals(Map.of(), SyncStage.tree(stage.cache()));
  }

  @Test
  void fetchesEverythingAgainByForce() throws Exception {
    HubRepo repo = model();
    stage.syncsWhole(repo);
    SyncResult forced = stage.sync(stage.asking(repo).force().request());
    assertEquals(repo.totalSize(), forced.bytesFetched());
    SyncStage.assertWhole(repo, forced.path());
  }

  @Test
  void goesOnAfterAStop() throws Exception {
    HubRepo repo = model();
    stage.hub().settings().totalRate(20 * MIB);
    Sync sync = stage.prepare(new ProgressBoard());
    CompletableFuture<SyncResult> running =
        CompletableFuture.supplyAsync(() -> sync.run(stage.asking(repo).request()));
    stage.hub().log().awaitFileBytes(5 * MIB, java.time.Duration.ofSeconds(30));
    sync.stop();
    Throwable thrown = assertThrows(Exception.class, running::join).getCause();
    assertInstanceOf(CancellationException.class, thrown);
    stage.hub().settings().totalRate(0);
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(repo.totalSize(), result.bytesReused() + result.bytesFetched());
    assertTrue(stage.hub().log().fileBytesServed() <= repo.totalSize() + 16L * MIB);
  }

  @Test
  void adoptsWhatAnOlderClientLeft() throws Exception {
    HubRepo repo = model();
    byte[] content = repo.blob("model.bin").content().bytes();
    Path left =
        stage.inCache(repo).resolve("blobs/" + repo.blob("model.bin").etag() + ".incomplete");
    Files.createDirectories(left.getParent());
    Files.write(left, Arrays.copyOf(content, 10 * MIB + 5));
    SyncResult result = stage.sync(repo);
    SyncStage.assertWhole(repo, result.path());
    assertEquals(repo.totalSize() - 10L * MIB, result.bytesFetched());
  }

  @Test
  void mendsAnOlderClientsPrefixThatIsWrong() throws Exception {
    HubRepo repo = model();
    byte[] wrong = Arrays.copyOf(repo.blob("model.bin").content().bytes(), 10 * MIB);
    wrong[3 * MIB] ^= 1;
    Path left =
        stage.inCache(repo).resolve("blobs/" + repo.blob("model.bin").etag() + ".incomplete");
    Files.createDirectories(left.getParent());
    Files.write(left, wrong);
    SyncStage.assertWhole(repo, stage.sync(repo).path());
  }

  @Test
  void writesNothingInADryRun() throws Exception {
    HubRepo repo = model();
    SyncResult planned = stage.sync(stage.asking(repo).dryRun().request());
    assertEquals(3, planned.missing().size());
    assertEquals(Map.of(), SyncStage.tree(stage.cache()));
    Path dir = stage.folder().resolve("dir");
    stage.sync(stage.asking(repo).localDir(dir).dryRun().request());
    assertTrue(Files.notExists(dir));

    stage.sync(stage.asking(repo).include("*.json").request());
    stage.plant(repo, "model.bin", MIB, 0, 1);
    repo.git("config.json", "{\"changed\": 1}").commit("second");
    Map<String, String> before = SyncStage.tree(stage.folder());
    stage.hub().log().clear();
    SyncResult again = stage.sync(stage.asking(repo).dryRun().request());
    assertEquals(before, SyncStage.tree(stage.folder()));
    assertEquals(List.of(), stage.hub().log().requests(r -> r.where() != Where.HUB_API));
    long missing = again.missing().stream().mapToLong(RepoFile::size).sum();
    assertEquals(missing - 2 * MIB, again.bytesFetched(), "what would be");
    assertEquals(3, again.missing().size());
  }

  @Test
  void asksForSpaceBeforeTheFirstByte() throws Exception {
    HubRepo repo = model();
    Failure failure = stage.fails(stage.asking(repo).minFree(Long.MAX_VALUE / 2).request());
    assertInstanceOf(Failure.Storage.class, failure);
    assertTrue(failure.what().startsWith("12.6 MB are needed and "), failure::line);
    assertTrue(failure.next().startsWith("free space, or name another place"), failure::line);
    assertEquals(0, stage.hub().log().fileBytesServed());
    stage.assertNothingVisible(repo);
  }

  @Test
  void givesThePathOfTheOneFileThatWasNamed() throws Exception {
    HubRepo repo = model();
    SyncResult one = stage.sync(stage.asking(repo).files("sub/notes.txt").request());
    assertEquals("notes", Files.readString(one.path()));
    assertTrue(one.path().endsWith("sub/notes.txt"));
    SyncResult folder = stage.sync(stage.asking(repo).files("sub/").request());
    assertTrue(Files.isDirectory(folder.path()));
    assertEquals(1, folder.files().size());
    SyncResult some = stage.sync(stage.asking(repo).exclude("*.bin").request());
    assertEquals(2, some.files().size());
  }
}
