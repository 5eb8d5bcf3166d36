package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.RepoContent;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands somewhere already, or is said of an empty file, never passes for the content. */
class StaleContentTest {
  private static final String NEW = "the new content";
  private static final String OLD = "the old content";

  @TempDir Path temp;
  private final HubEmulator hub = HubEmulator.start();

  @AfterEach
  void close() {
    hub.close();
  }

  private SyncResult sync(
      SyncRequest.Place place, boolean offline, boolean force, String... names) {
    SyncRequest request =
        new SyncRequest(
            new Repo(RepoType.MODEL, "org/m"),
            Revision.MAIN,
            new SyncRequest.Selection(List.of(names), List.of(), List.of()),
            place,
            offline,
            force,
            false,
            0);
    SyncSettings settings =
        new SyncSettings(HubSettings.of(URI.create(hub.url())), FetchLimits.DEFAULT, false);
    return new Sync(settings, event -> {}, new ProgressBoard()).run(request);
  }

  private SyncRequest.Place.Cache cache() {
    return new SyncRequest.Place.Cache(temp.resolve("cache"));
  }

  private SyncRequest.Place.LocalDir localDir() {
    return new SyncRequest.Place.LocalDir(temp.resolve("dir"), temp.resolve("cache"));
  }

  private Path write(String name, String text) throws Exception {
    Path file = temp.resolve("dir").resolve(name);
    Files.createDirectories(temp.resolve("dir"));
    return Files.writeString(file, text);
  }

  @Test
  void replacesEachOfTwoFilesWithOneContent() throws Exception {
    hub.model("org/m").git("a.txt", NEW).git("b.txt", NEW).commit("c");
    Path a = write("a.txt", OLD);
    Path b = write("b.txt", OLD);
    sync(localDir(), false, false);
    assertEquals(NEW, Files.readString(a));
    assertEquals(NEW, Files.readString(b));
  }

  @Test
  void forceReplacesEachOfTwoFilesWithOneContent() throws Exception {
    hub.model("org/m").git("a.txt", NEW).git("b.txt", NEW).commit("c");
    sync(localDir(), false, false);
    var written = Files.getLastModifiedTime(write("b.txt", NEW));
    Path b = write("b.txt", OLD);
    Files.setLastModifiedTime(b, written);
    sync(localDir(), false, true);
    assertEquals(NEW, Files.readString(b));
  }

  @Test
  void aStaleFileIsReplacedFromTheCache() throws Exception {
    hub.model("org/m").git("a.txt", NEW).commit("c");
    sync(cache(), false, false);
    Path a = write("a.txt", OLD);
    assertEquals(0, sync(localDir(), false, false).bytesFetched());
    assertEquals(NEW, Files.readString(a));
  }

  @Test
  void remembersWhatWasHashed() throws Exception {
    hub.model("org/m").git("a.txt", NEW).commit("c");
    write("a.txt", NEW);
    sync(localDir(), false, false);
    Path metadata = temp.resolve("dir/.cache/huggingface/download/a.txt.metadata");
    assertEquals(3, Files.readAllLines(metadata).size());
  }

  @Test
  void refusesAnEmptyFileWithTheHashOfAnother() {
    hub.model("org/m").lfs("a.bin", RepoContent.text(""), "ab".repeat(32)).commit("c");
    FailureException e = assertThrows(FailureException.class, () -> sync(cache(), false, false));
    assertInstanceOf(Failure.Integrity.class, e.failure());
    assertFalse(Files.exists(temp.resolve("cache/models--org--m/refs/main")));
  }

  @Test
  void offlineWithoutAListingANamedFileHasToBeHere() throws Exception {
    hub.model("org/m").git("a.txt", NEW).git("b.txt", OLD).commit("c");
    Path a = sync(cache(), false, false, "a.txt").path();
    Path trees = temp.resolve("cache/models--org--m/trees");
    for (Path tree : Files.list(trees).toList()) {
      Files.delete(tree);
    }
    assertEquals(a, sync(cache(), true, false, "a.txt").path());
    FailureException e =
        assertThrows(FailureException.class, () -> sync(cache(), true, false, "b.txt"));
    assertInstanceOf(Failure.Partial.class, e.failure());
  }
}
