package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.FaultRule;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing with a wrong digest is ever visible. */
class IntegrityTest {
  private static final int SIZE = 12 * MIB;

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{\"layers\": 2}")
        .lfs("model.bin", RepoContent.random(1, SIZE))
        .commit("first");
    return repo;
  }

  @Test
  void repairsWrongBytesByOneMorePass() throws Exception {
    HubRepo repo = model();
    FaultRule wrong =
        stage.hub().faults().on(Where.CDN).nth(1).then(new Fault.WrongBytes(5 * MIB + 7, 3));
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(1, wrong.fired());
    assertEquals(1, stage.events(SyncEvent.Repairing.class).size());
    assertTrue(result.bytesFetched() <= repo.totalSize() + SIZE, "one more pass at most");
  }

  @Test
  void showsNothingWhenBytesStayWrong() throws Exception {
    HubRepo repo = model();
    repo.remove("config.json").commit("only the model");
    stage.hub().faults().on(Where.CDN).then(new Fault.WrongBytes(5 * MIB + 7, 3));
    Failure failure = stage.fails(repo);
    assertEquals(ExitCode.INTEGRITY, failure.exitCode());
    assertEquals(
        "the content has not the hash that the hub lists, though it was fetched twice",
        failure.what());
    assertEquals("model.bin", failure.where());
    stage.assertNothingVisible(repo);
    assertTrue(stage.hub().log().fileBytesServed() <= 2L * SIZE, "one more pass at most");
  }

  @Test
  void showsNoSmallFileThatIsWrong() throws Exception {
    HubRepo repo = stage.hub().model("org/small");
    repo.git("config.json", "{\"layers\": 2}").commit("first");
    stage.hub().faults().on(Where.RESOLVE_CACHE).then(new Fault.WrongBytes(3, 1));
    Failure failure = stage.fails(repo);
    assertEquals(ExitCode.INTEGRITY, failure.exitCode());
    stage.assertNothingVisible(repo);
  }

  @Test
  void aFailedFileLeavesNoRefAndNoHalfSnapshot() throws Exception {
    HubRepo repo = model();
    stage.hub().faults().on(Where.CDN).then(new Fault.WrongBytes(0, 1));
    assertEquals(ExitCode.INTEGRITY, stage.fails(repo).exitCode());
    assertEquals(
        0, Files.exists(stage.inCache(repo).resolve("refs/main")) ? 1 : 0, "no ref names it");
    stage.hub().faults().clear();
    stage.syncsWhole(repo);
  }

  @Test
  void fetchesAgainOnlyTheChunkThatTheDiskChanged() throws Exception {
    HubRepo repo = model();
    int[] most = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    stage.plant(repo, "model.bin", MIB, most);
    Path part = part(repo);
    Files.write(part, new byte[] {1, 2, 3, 4}, StandardOpenOption.WRITE);
    SyncResult result = stage.syncsWhole(repo);
    // Chunk 0 was damaged, chunk 11 was missing.
    assertEquals(2L * MIB + repo.blob("config.json").size(), result.bytesFetched());
    assertTrue(
        stage.events(SyncEvent.Repairing.class).getFirst().what().startsWith("1 chunk"),
        stage.events()::toString);
  }

  @Test
  void startsOverWhenTheStateOfAPartIsDamaged() throws Exception {
    HubRepo repo = model();
    stage.plant(repo, "model.bin", MIB, 0, 1, 2);
    Path state = fileOfPart(repo, "state");
    byte[] bytes = Files.readAllBytes(state);
    bytes[bytes.length / 2] ^= 1;
    Files.write(state, bytes);
    SyncResult result = stage.sync(repo);
    SyncStage.assertWhole(repo, result.path());
    assertTrue(
        stage.events(SyncEvent.Detail.class).stream()
            .anyMatch(e -> e.text().contains("was set aside as")),
        "it is told");
  }

  private Path part(HubRepo repo) throws IOException {
    return fileOfPart(repo, "part");
  }

  private Path fileOfPart(HubRepo repo, String name) throws IOException {
    try (var entries = Files.walk(stage.inCache(repo).resolve(".exo-dl"))) {
      return entries.filter(p -> p.endsWith(name)).findFirst().orElseThrow();
    }
  }

  @Test
  void believesNoHubThatListsAnotherHash() throws Exception {
    HubRepo repo = stage.hub().model("org/liar");
    repo.lfs("model.bin", RepoContent.random(1, 3 * MIB), "ab".repeat(32)).commit("first");
    assertInstanceOf(Failure.Integrity.class, stage.fails(repo));
    stage.assertNothingVisible(repo);
  }

  @Test
  void replacesABlobOfTheWrongLength() throws Exception {
    HubRepo repo = model();
    SyncResult first = stage.syncsWhole(repo);
    Path blob = first.path().resolve("model.bin").toRealPath();
    Files.write(blob, new byte[100]);
    SyncResult again = stage.syncsWhole(repo);
    assertEquals(SIZE, again.bytesFetched());
    assertEquals(1, again.warnings().size());
  }
}
