package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names in a listing and links on the disk that would lead a sync out of its folder. */
class HostileNamesTest {
  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo hostile(String kind) {
    HubRepo repo = stage.hub().model("org/hostile");
    List<String> names = Fixtures.hostileNames().get(kind);
    Fixtures.hostile(repo, names);
    return repo;
  }

  /** What is in the test's folder but neither in the cache nor in the local dir. */
  private Map<String, String> outside() throws IOException {
    Map<String, String> tree = SyncStage.tree(stage.folder());
    tree.keySet().removeIf(p -> p.isEmpty() || p.startsWith("cache") || p.startsWith("dir"));
    return tree;
  }

  private void assertNoFilesBelow(Path folder) throws IOException {
    assertEquals(
        List.of(),
        SyncStage.tree(folder).entrySet().stream()
            .filter(e -> !e.getValue().startsWith("folder"))
            .map(Map.Entry::getKey)
            .toList());
  }

  private void isRefused(String kind, String line) throws IOException {
    HubRepo repo = hostile(kind);
    Failure failure = stage.fails(repo);
    assertEquals(ExitCode.INTEGRITY, failure.exitCode());
    assertEquals(
        "refused the file name "
            + line
            + " (the hub's listing); nothing was written; report it to the repo's owner, or leave"
            + (line.contains("differs") || line.contains("at once") ? " one" : " the file")
            + " out with --exclude",
        failure.line());
    assertNoFilesBelow(stage.cache());

    Path dir = stage.folder().resolve("dir");
    Failure inDir = stage.fails(stage.asking(repo).localDir(dir).request());
    assertEquals(failure.line(), inDir.line());
    assertNoFilesBelow(dir);

    assertEquals(Map.of(), outside());
    assertEquals(0, stage.hub().log().fileBytesServed());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = '|',
      value = {
        "parent folder                  | '../x': it has a segment '..'",
        "parent folder inside           | 'a/../../x': it has a segment '..'",
        "parent folder that stays inside| 'a/../x': it has a segment '..'",
        "parent folder alone            | '..': it has a segment '..'",
        "absolute                       | '/abs/x': it is absolute",
        "current folder                 | 'a/./x': it has a segment '.'",
        "empty segment                  | 'a//x': it has a segment ''",
        "trailing slash                 | 'a/': it has a segment ''",
        "backslash                      | 'a\\b': it has a backslash",
        "parent folder by backslash     | '..\\x': it has a backslash",
        "drive                          | 'C:\\x': it has a backslash",
        "UNC                            | '\\\\server\\share\\x': it has a backslash",
        "drive without slash            | 'C:x': it has a colon, which names a drive or a stream on some systems",
        "stream                         | 'name:stream': it has a colon, which names a drive or a stream on some systems",
        "file and folder                | 'x': it is a file and a folder at once",
        "case clash                     | 'Readme.md': it differs from 'README.md' only in case",
        "case clash of folders          | 'dir': it differs from 'Dir' only in case",
        "reserved name                  | 'CON': 'CON' is a device on some systems",
        "reserved name with ending      | 'a/nul.txt': 'nul.txt' is a device on some systems",
        "trailing dot                   | 'name.': a name in it ends with a dot or a blank, which some systems drop",
      })
  void refusesTheNameAndSaysWhy(String kind, String line) throws IOException {
    isRefused(kind, line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"NUL", "line feed", "escape sequence", "trailing blank", "long name", "long path"})
  void refusesWhatCannotBeShownWithoutShowingIt(String kind) throws IOException {
    HubRepo repo = hostile(kind);
    Failure failure = stage.fails(repo);
    assertEquals(ExitCode.INTEGRITY, failure.exitCode());
    assertTrue(failure.line().startsWith("refused the file name '"), failure::line);
    assertTrue(failure.line().chars().noneMatch(Character::isISOControl), failure::line);
    assertTrue(failure.line().length() < 600, () -> "long: " + failure.line().length());
    assertNoFilesBelow(stage.cache());
    assertEquals(Map.of(), outside());
  }

  @Test
  void refusesNamesThatDifferOnlyInUnicodesForm() throws IOException {
    Failure failure = stage.fails(hostile("composed and decomposed"));
    assertEquals(ExitCode.INTEGRITY, failure.exitCode());
    assertTrue(failure.what().endsWith("only in how its letters are put together"), failure::line);
    assertNoFilesBelow(stage.cache());
  }

  @Test
  void refusesAnEmptyName() throws IOException {
    HubRepo repo = hostile("empty name");
    Failure failure = stage.fails(repo);
    assertTrue(
        failure.exitCode() == ExitCode.INTEGRITY || failure.exitCode() == ExitCode.NETWORK,
        failure::line);
    assertNoFilesBelow(stage.cache());
  }

  @Test
  void leavesOutWhatWouldBeStateOfALocalDir() throws IOException {
    HubRepo repo = hostile("state of the client");
    repo.git(".cache/exo-dl/lock", "theirs").commit("second");
    Path dir = stage.folder().resolve("dir");
    SyncResult result = stage.sync(stage.asking(repo).localDir(dir).request());
    assertEquals("good", Files.readString(dir.resolve("good.txt")));
    assertEquals(
        List.of(
            "left out 2 files below .cache/huggingface or .cache/exo-dl: a local dir keeps its state"
                + " there (the first is .cache/exo-dl/lock)"),
        result.warnings());
    assertEquals(1, result.files().size());
    String metadata =
        Files.readString(dir.resolve(".cache/huggingface/download/good.txt.metadata"));
    assertEquals(repo.head().sha(), metadata.lines().findFirst().orElseThrow());
    assertEquals(
        List.of(),
        stage.sync(stage.asking(repo).localDir(dir).exclude(".cache/*").request()).warnings());
    VerifyResult verified =
        new Verify(
                new SyncSettings(stage.settings, stage.limits, false),
                event -> {},
                new ProgressBoard())
            .run(
                new VerifyRequest.Snapshot(
                    stage.asking(repo).request().repo(),
                    stage.asking(repo).request().revision(),
                    new SyncRequest.Place.LocalDir(dir, stage.cache()),
                    false));
    assertEquals(
        List.of("good.txt"), verified.files().stream().map(VerifyResult.Checked::name).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"by name", "nothing else", "plain file"})
  void refusesWhatIsOnlyStateOfALocalDir(String how) throws IOException {
    HubRepo repo = hostile("state of the client");
    String path = ".cache/huggingface/download/good.txt.metadata";
    Path dir = stage.folder().resolve("dir");
    Asking asking = stage.asking(repo).localDir(dir);
    switch (how) {
      case "by name" -> asking = asking.files(path, "good.txt");
      case "nothing else" -> asking = asking.include(".cache/*");
      default -> {
        repo = stage.hub().model("org/plain");
        repo.git(".cache", "a file").git("good.txt", "good").commit("first");
        asking = stage.asking(repo).localDir(dir);
        path = ".cache";
      }
    }
    Failure failure = stage.fails(asking.request());
    assertEquals(ExitCode.INTEGRITY, failure.exitCode());
    assertEquals(
        "refused the file name '" + path + "': it is where a local dir keeps its state",
        failure.what());
    assertEquals(Map.of(), SyncStage.tree(dir));
  }

  @ParameterizedTest
  @ValueSource(strings = {"right-to-left override"})
  void staysInsideWithNamesThatAreOnlyStrange(String kind) throws IOException {
    HubRepo repo = hostile(kind);
    SyncStage.assertWhole(repo, stage.sync(repo).path());
    assertEquals(Map.of(), outside());
  }

  @Test
  void takesTheRestWhenTheHostileNameIsExcluded() throws IOException {
    HubRepo repo = hostile("parent folder");
    SyncResult result = stage.sync(stage.asking(repo).exclude("../*").request());
    assertEquals("good", Files.readString(result.path().resolve("good.txt")));
    assertEquals(Map.of(), outside());
  }

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{}")
        .git("sub/notes.txt", "notes")
        .lfs("sub/model.bin", RepoContent.random(1, 3 * MIB))
        .commit("first");
    return repo;
  }

  private Path plantedLink(Path at) throws IOException {
    Path elsewhere = stage.folder().resolve("elsewhere");
    Files.createDirectories(elsewhere);
    Files.createDirectories(at.getParent());
    Files.createSymbolicLink(at, elsewhere);
    return elsewhere;
  }

  private void assertRefusesTheLink(Failure failure, Path link, Path elsewhere) throws IOException {
    assertEquals(
        "refused to follow a symbolic link that stands where a folder is needed ("
            + link
            + "); remove the link, or choose another folder",
        failure.line());
    assertEquals(ExitCode.STORAGE, failure.exitCode());
    assertNoFilesBelow(elsewhere);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "snapshots",
        "snapshots/COMMIT",
        "snapshots/COMMIT/sub",
        "blobs",
        "refs",
        ".exo-dl"
      })
  void followsNoLinkInTheCache(String place) throws IOException {
    HubRepo repo = model();
    Path link = stage.inCache(repo).resolve(place.replace("COMMIT", repo.head().sha()));
    Path elsewhere = plantedLink(link);
    assertRefusesTheLink(stage.fails(repo), link, elsewhere);
    Files.delete(link);
    stage.syncsWhole(repo);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sub",
        ".cache",
        ".cache/huggingface",
        ".cache/huggingface/download",
        ".cache/exo-dl"
      })
  void followsNoLinkInALocalDir(String place) throws IOException {
    HubRepo repo = model();
    Path dir = stage.folder().resolve("dir");
    Path link = dir.resolve(place);
    Path elsewhere = plantedLink(link);
    Failure failure = stage.fails(stage.asking(repo).localDir(dir).request());
    assertRefusesTheLink(failure, link, elsewhere);
    Files.delete(link);
    SyncStage.assertWhole(repo, stage.sync(stage.asking(repo).localDir(dir).request()).path());
  }

  @Test
  void writesThroughNoLinkThatHasAFilesOwnName() throws IOException {
    HubRepo repo = model();
    Path dir = Files.createDirectories(stage.folder().resolve("dir/sub")).getParent();
    Path victim = Files.writeString(stage.folder().resolve("victim"), "mine");
    Files.createSymbolicLink(dir.resolve("config.json"), victim);
    Files.createSymbolicLink(dir.resolve("sub/model.bin"), victim);
    SyncStage.assertWhole(repo, stage.sync(stage.asking(repo).localDir(dir).request()).path());
    assertEquals("mine", Files.readString(victim));
  }

  @Test
  void trustsNoBlobThatIsALink() throws IOException {
    HubRepo repo = model();
    Path victim = stage.folder().resolve("victim");
    Files.write(victim, new byte[3 * MIB]);
    Path blob = stage.inCache(repo).resolve("blobs/" + repo.blob("sub/model.bin").etag());
    Files.createDirectories(blob.getParent());
    Files.createSymbolicLink(blob, victim);
    stage.syncsWhole(repo);
    assertEquals(3L * MIB, Files.size(victim));
    assertEquals(0, Files.readAllBytes(victim)[0]);
  }
}
