package dev.exodl.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Commit;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of several caches receives. */
class CachesTest {
  private static final Commit COMMIT = new Commit("0123456789012345678901234567890123456789");
  @TempDir Path temp;
  private Path one;
  private Path two;
  private Path gone;

  @BeforeEach
  void folders() throws IOException {
    one = Files.createDirectory(temp.resolve("one"));
    two = Files.createDirectory(temp.resolve("two"));
    gone = temp.resolve("gone").resolve("deep");
  }

  private static Caches.Tier tier(Path root) {
    return new Caches.Tier(root, false);
  }

  private static Caches.Tier onlyRead(Path root) {
    return new Caches.Tier(root, true);
  }

  @Test
  void theFirstThatCanBeWrittenToDoes() {
    Caches caches = Caches.of(List.of(tier(one), tier(two)));
    assertEquals(new Caches(one, List.of(two), Optional.empty()), caches);
    assertEquals(List.of(one, two), caches.all());
  }

  @Test
  void oneThatIsMarkedNeverDoes() {
    Caches caches = Caches.of(List.of(onlyRead(one), tier(two)));
    assertEquals(new Caches(two, List.of(one), Optional.empty()), caches);
    assertEquals(List.of(two, one), caches.all());
  }

  @Test
  void aMountThatIsMissingIsNotMadeWhileAnotherIsThere() {
    assertEquals(two, Caches.of(List.of(tier(gone), tier(two))).root());
    assertFalse(Files.exists(gone));
  }

  @Test
  void oneThatIsNotThereCanBeMadeWhenNoOtherReceives() {
    Caches caches = Caches.of(List.of(onlyRead(one), tier(gone)));
    assertEquals(gone, caches.root());
    assertEquals(Optional.empty(), caches.noneReceives());
    assertFalse(Files.exists(gone), "looking makes nothing");
  }

  @Test
  void noneDoesWhereAllAreMarkedOrNoFolders() throws IOException {
    Path file = Files.createFile(temp.resolve("file"));
    Caches caches = Caches.of(List.of(onlyRead(one), tier(file), tier(file.resolve("below"))));
    assertEquals(one, caches.root());
    assertEquals(List.of(one, file, file.resolve("below")), caches.others());
    assertEquals(caches.others(), caches.all());
    assertEquals(
        one
            + " is to be read only, "
            + file
            + " is no folder, "
            + file.resolve("below")
            + " cannot be made: "
            + file
            + " is none",
        caches.noneReceives().orElseThrow().where());
    assertEquals(14, caches.noneReceives().orElseThrow().exitCode().number());
  }

  @Test
  void nothingIsWrittenToATargetThatIsOnlyRead() throws IOException {
    Repo repo = new Repo(RepoType.MODEL, "org/name");
    Path folder = one.resolve(repo.folderName());
    // What tidying would delete, and a ref that finishing would change.
    Path old = Files.createDirectories(folder.resolve(".exo-dl")).resolve(Names.fresh());
    Files.createFile(old);
    Files.setLastModifiedTime(old, java.nio.file.attribute.FileTime.fromMillis(0));
    Path ref = Files.createDirectories(folder.resolve("refs")).resolve("main");
    Files.writeString(ref, "a".repeat(40));
    CacheTarget target = CacheTarget.onlyRead(one, repo, COMMIT);
    target.keepListing(List.of());
    target.keepOpen(true);
    target.finish(Revision.MAIN);
    assertTrue(Files.exists(old));
    assertEquals("a".repeat(40), Files.readString(ref));
    Content content = Content.lfs("model.bin", 20, 1);
    assertThrows(
        FailureException.class, () -> target.openPart(content.file(), 1 << 20, (o, s) -> false));
    assertThrows(FailureException.class, () -> target.link(content.file()));
    try (var all = Files.walk(one)) {
      assertEquals(6, all.count());
    }
  }
}
