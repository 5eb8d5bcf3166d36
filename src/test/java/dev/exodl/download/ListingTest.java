package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.FaultRule;
import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.Host;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a sync costs the hub in requests, and that it sees one state of the repo. */
class ListingTest {
  @RegisterExtension final SyncStage stage = new SyncStage();

  private long pages() {
    return stage.hub().log().count(r -> r.where() == Where.HUB_API && r.path().contains("/tree/"));
  }

  private int mostConnections() {
    return stage.hub().log().connectionsOpened(Host.HUB)
        + stage.hub().log().connectionsOpened(Host.CDN);
  }

  @Test
  void fetchesFiveThousandFilesByOneRequestEachAndTheHubsRedirects() throws Exception {
    HubRepo repo = stage.hub().model("org/many");
    Fixtures.manySmallFiles(repo, 5000, false);
    SyncResult result = stage.sync(repo);
    assertEquals(5000, result.files().size());
    // 5,000 files and the folders above them, 1,000 rows a page.
    assertTrue(pages() == 5 || pages() == 6, () -> "pages: " + pages());
    assertEquals(1 + pages() + 5000 + 5000, stage.hub().log().all().size());
    assertEquals(stage.hub().log().all().size(), result.requests());
    assertTrue(mostConnections() <= 32, () -> "connections: " + mostConnections());
    SyncStage.assertWhole(repo, result.path());

    stage.hub().log().clear();
    stage.sync(repo);
    assertEquals(1, stage.hub().log().all().size());
  }

  @Test
  void fetchesSmallLfsFilesByOneRequestEachAndTheHubsRedirects() throws Exception {
    HubRepo repo = stage.hub().model("org/many");
    Fixtures.manySmallFiles(repo, 500, true);
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(1 + 1 + 500 + 500, result.requests());
    assertTrue(mostConnections() <= 48, () -> "connections: " + mostConnections());
  }

  @Test
  void asksOnlyForThePageThatFailed() throws Exception {
    HubRepo repo = stage.hub().model("org/many");
    Fixtures.manySmallFiles(repo, 50, false);
    stage.hub().settings().pageSize(10, 10);
    FaultRule third =
        stage
            .hub()
            .faults()
            .on(Where.HUB_API)
            .when(r -> r.path().contains("/tree/"))
            .nth(3)
            .then(Fault.status(503));
    stage.syncsWhole(repo);
    assertEquals(1, third.fired());
    int rows = 50 + 2;
    assertEquals((rows + 9) / 10 + 1, pages());
  }

  @Test
  void takesOneCommitThoughTheRevisionMovesInMidRun() throws Exception {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{\"version\": 1}").lfs("model.bin", RepoContent.random(1, 3 * MIB));
    String first = repo.commit("first");
    repo.git("config.json", "{\"version\": 2}").lfs("model.bin", RepoContent.random(2, 3 * MIB));
    repo.git("new.json", "{}");
    String second = repo.commitAside("second");
    stage.hub().faults().on(Where.HUB_API).nth(1).then(new Fault.MoveRevision("main", second));

    SyncResult result = stage.sync(repo);
    assertEquals(second, repo.head().sha());
    assertEquals(first, result.commit().hex());
    assertEquals("{\"version\": 1}", Files.readString(result.path().resolve("config.json")));
    assertTrue(Files.notExists(result.path().resolve("new.json")));
    assertEquals(first, Files.readString(stage.inCache(repo).resolve("refs/main")));
    assertTrue(
        stage.hub().log().all().stream()
            .skip(1)
            .filter(r -> r.host() == Host.HUB)
            .allMatch(r -> r.path().contains(first)),
        "only the first request names the branch");

    SyncResult again = stage.syncsWhole(repo);
    assertEquals(second, again.commit().hex());
    assertEquals(second, Files.readString(stage.inCache(repo).resolve("refs/main")));
  }

  @Test
  void fetchesABlobAtTwoPathsOnce() throws Exception {
    HubRepo repo = stage.hub().model("org/twins");
    repo.lfs("a.bin", RepoContent.random(1, 3 * MIB))
        .lfs("sub/b.bin", RepoContent.random(1, 3 * MIB))
        .git("one.txt", "the same")
        .git("two.txt", "the same")
        .commit("first");
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(3 * MIB + 8, result.bytesFetched());
    assertEquals(4, result.files().size());
  }

  @Test
  void asksNothingForAnEmptyFile() throws Exception {
    HubRepo repo = stage.hub().model("org/empty");
    repo.git("__init__.py", "").git("config.json", "{}").commit("first");
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(0, stage.hub().log().count(r -> "__init__.py".equals(r.file())));
    assertEquals(1 + 1 + 2, result.requests());
  }

  @Test
  void takesARepoOfNoFiles() throws Exception {
    HubRepo repo = stage.hub().model("org/nothing");
    repo.commit("nothing");
    SyncResult result = stage.sync(repo);
    assertEquals(0, result.files().size());
    assertTrue(Files.isDirectory(result.path()));
  }

  @Test
  void trustsTheSizeOfLfsWhereTheListingShowsThePointers() throws Exception {
    HubRepo repo = stage.hub().model("org/model").showPointerSizes().withoutXet();
    repo.lfs("model.bin", RepoContent.random(1, 3 * MIB)).commit("first");
    stage.syncsWhole(repo);
  }
}
