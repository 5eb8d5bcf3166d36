package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Syncs to a folder of plain files, which users edit. */
class LocalDirTest {
  private static final int SIZE = 3 * MIB;

  @RegisterExtension final SyncStage stage = new SyncStage();
  private HubRepo repo;
  private Path dir;

  @BeforeEach
  void model() {
    repo = stage.hub().model("org/model");
    repo.git("config.json", "{}")
        .git("sub/notes.txt", "notes")
        .lfs("model.bin", RepoContent.random(1, SIZE))
        .commit("first");
    dir = stage.folder().resolve("dir");
  }

  private SyncResult sync() {
    return stage.sync(stage.asking(repo).localDir(dir).request());
  }

  private SyncResult syncsWhole() throws Exception {
    SyncResult result = sync();
    SyncStage.assertWhole(repo, dir);
    return result;
  }

  @Test
  void putsPlainFilesThere() throws Exception {
    SyncResult result = syncsWhole();
    assertEquals(dir, result.path());
    assertTrue(Files.isRegularFile(dir.resolve("model.bin"), LinkOption.NOFOLLOW_LINKS));
    assertEquals(Map.of(), SyncStage.tree(stage.cache()), "the cache is only read");
    String metadata =
        Files.readString(dir.resolve(".cache/huggingface/download/model.bin.metadata"));
    assertEquals(repo.head().sha(), metadata.lines().findFirst().orElseThrow());
    assertEquals(repo.blob("model.bin").etag(), metadata.lines().skip(1).findFirst().orElseThrow());
    assertEquals("*", Files.readString(dir.resolve(".cache/huggingface/.gitignore")));
  }

  @Test
  void asksOnceWhenAllIsHereAndNeverWhenTheCommitIsGiven() throws Exception {
    syncsWhole();
    assertEquals(1, sync().requests());
    SyncResult byCommit =
        stage.sync(stage.asking(repo).revision(repo.head().sha()).localDir(dir).request());
    assertEquals(0, byCommit.requests());
    assertEquals(0, byCommit.bytesFetched());
  }

  @Test
  void replacesWhatWasEditedAndKeepsWhatIsNotTheRepos() throws Exception {
    syncsWhole();
    Files.writeString(dir.resolve("config.json"), "[]");
    later(dir.resolve("config.json"));
    Files.delete(dir.resolve("sub/notes.txt"));
    Files.writeString(dir.resolve("mine.txt"), "mine");
    SyncResult result = syncsWhole();
    assertEquals(2 + 5, result.bytesFetched());
    assertEquals("mine", Files.readString(dir.resolve("mine.txt")));
  }

  @Test
  void replacesALargeFileWithOneWrongByte() throws Exception {
    syncsWhole();
    byte[] bytes = Files.readAllBytes(dir.resolve("model.bin"));
    bytes[MIB] ^= 1;
    Files.write(dir.resolve("model.bin"), bytes);
    later(dir.resolve("model.bin"));
    assertEquals(SIZE, syncsWhole().bytesFetched());
  }

  @Test
  void keepsWhatWasTouchedButNotChanged() throws Exception {
    syncsWhole();
    later(dir.resolve("model.bin"));
    later(dir.resolve("config.json"));
    assertEquals(0, syncsWhole().bytesFetched());
  }

  @Test
  void keepsWhatWasThereWithoutMetadata() throws Exception {
    Files.createDirectories(dir);
    Files.write(dir.resolve("model.bin"), repo.blob("model.bin").content().bytes());
    assertEquals(2 + 5, syncsWhole().bytesFetched());
  }

  private static void later(Path file) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
  }

  @Test
  void copiesWhatTheCacheHas() throws Exception {
    stage.syncsWhole(repo);
    stage.hub().log().clear();
    SyncResult result = syncsWhole();
    assertEquals(0, result.bytesFetched());
    assertEquals(0, stage.hub().log().fileBytesServed());
  }

  @Test
  void fetchesEverythingAgainByForce() throws Exception {
    syncsWhole();
    SyncResult forced = stage.sync(stage.asking(repo).localDir(dir).force().request());
    assertEquals(repo.totalSize(), forced.bytesFetched());
    SyncStage.assertWhole(repo, dir);
  }

  @Test
  void adoptsWhatAnOlderClientLeft() throws Exception {
    String etag = repo.blob("model.bin").etag();
    Path left = dir.resolve(".cache/huggingface/download/model.bin." + etag + ".incomplete");
    Files.createDirectories(left.getParent());
    Files.write(left, Arrays.copyOf(repo.blob("model.bin").content().bytes(), 2 * MIB + 9));
    assertEquals(MIB + 2 + 5, syncsWhole().bytesFetched());
  }

  @Test
  void followsANewCommit() throws Exception {
    syncsWhole();
    repo.git("config.json", "{\"new\": true}").remove("sub/notes.txt").commit("second");
    assertEquals("{\"new\": true}".length(), syncsWhole().bytesFetched());
    assertEquals("notes", Files.readString(dir.resolve("sub/notes.txt")), "nothing is deleted");
  }

  @Test
  void knowsOfflineWhatWasSyncedToTheDir() throws Exception {
    syncsWhole();
    Map<String, String> before = SyncStage.tree(dir);
    stage.hub().log().clear();
    SyncResult offline = stage.sync(stage.asking(repo).localDir(dir).offline().request());
    assertTrue(offline.offline());
    assertEquals(repo.head().sha(), offline.commit().hex());
    assertEquals(0, offline.requests());
    VerifyResult verified =
        new Verify(
                new SyncSettings(stage.settings, stage.limits, false),
                event -> {},
                new ProgressBoard())
            .run(
                new VerifyRequest.Snapshot(
                    offline.repo(),
                    offline.revision(),
                    new SyncRequest.Place.LocalDir(dir, stage.cache()),
                    true));
    assertEquals(3, verified.count(VerifyResult.Verdict.Right.class));
    assertEquals(before, SyncStage.tree(dir));
    assertEquals(0, stage.hub().log().requests(r -> true).size());
  }

  @Test
  void usesTheDirWhenTheHubIsAway() throws Exception {
    syncsWhole();
    stage.hub().close();
    SyncResult result = sync();
    assertTrue(result.offline());
    assertEquals(1, result.warnings().size(), result.warnings()::toString);
    SyncStage.assertWhole(repo, dir);
  }
}
