package dev.exodl.store;

import static dev.exodl.store.Content.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Commit;
import dev.exodl.model.ExitCode;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listing, removing and pruning. */
class CacheCareTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/name");
  private static final Commit OLD = new Commit("1".repeat(40));
  private static final Commit NEW = new Commit("2".repeat(40));
  private static final Duration WEEK = Duration.ofDays(7);

  private final Content shared = Content.lfs("shared.bin", 2 * MIB, 1);
  private final Content old = Content.lfs("model.bin", 3 * MIB, 2);
  private final Content current = Content.lfs("sub/model.bin", 4 * MIB, 3);

  @TempDir Path temp;
  private Path cache;
  private Path repo;

  /** A revision that main has left behind, and the one it is at now. */
  @BeforeEach
  void twoRevisions() {
    cache = temp.resolve("cache");
    repo = cache.resolve("models--org--name");
    sync(OLD, shared, old);
    sync(NEW, shared, current);
  }

  @AfterEach
  void cacheIsSound() {
    CacheInvariants.check(cache);
  }

  private void sync(Commit commit, Content... files) {
    CacheTarget target = new CacheTarget(cache, REPO, commit, false);
    for (Content content : files) {
      switch (target.openPart(content.file(), MIB, LockWaiter.PATIENT)) {
        case Opened.Part(PartFile part) -> {
          content.giveRest(part);
          target.place(content.file(), part);
        }
        case Opened.AlreadyThere there -> target.link(content.file());
        case Opened.Busy busy -> throw new AssertionError(busy);
      }
    }
    target.keepListing(List.of());
    target.finish(Revision.MAIN);
  }

  private PartFile unfinished() {
    Content part = Content.lfs("more.bin", 3 * MIB, 4);
    Opened opened =
        new CacheTarget(cache, REPO, NEW, false).openPart(part.file(), MIB, LockWaiter.PATIENT);
    PartFile file = assertInstanceOf(Opened.Part.class, opened).part();
    part.give(file, 1);
    return file;
  }

  @Test
  void listsReposRevisionsAndUnfinishedDownloads() {
    unfinished().close();
    CacheListing listing = CacheScan.scan(cache);
    CachedRepo cached = listing.repos().getFirst();
    assertEquals(List.of(), listing.warnings());
    assertEquals(9L * MIB, listing.bytes());
    assertEquals(REPO, cached.repo());
    assertEquals(MIB, cached.unfinishedBytes());
    assertEquals(3L * MIB, cached.unfinished().getFirst().size());
    CachedRepo.CachedRevision first = cached.revisions().get(0);
    CachedRepo.CachedRevision second = cached.revisions().get(1);
    assertEquals(OLD, first.commit());
    assertEquals(List.of(), first.refs());
    assertEquals(List.of("main"), second.refs());
    assertEquals(2, second.files());
    assertEquals(6L * MIB, second.bytes());
    assertEquals(List.of(), second.broken());
  }

  @Test
  void listsBrokenLinksAndWhatItDoesNotUnderstand() throws IOException {
    Files.createDirectories(cache.resolve("kernels--org--name/snapshots"));
    Path link = repo.resolve("snapshots/" + NEW.hex() + "/passwd");
    Files.createSymbolicLink(link, Path.of("/etc/passwd"));
    CacheListing listing = CacheScan.scan(cache);
    assertEquals(1, listing.warnings().size());
    assertEquals(List.of(link), listing.repos().getFirst().revisions().get(1).broken());
    Files.delete(link);
  }

  @Test
  void anAbsentCacheIsEmpty() {
    assertEquals(List.of(), CacheScan.scan(temp.resolve("none")).repos());
    assertEquals(List.of(), CachePrune.plan(temp.resolve("none"), Instant.now(), WEEK).items());
  }

  @Test
  void removesARevisionAndOnlyItsOwnBlobs() {
    Removal removal = CacheRemove.revision(cache, REPO, "1111");
    assertEquals(3L * MIB, removal.bytes());
    assertTrue(Files.exists(repo.resolve("snapshots/" + OLD.hex())), "only planned so far");
    removal.carryOut();
    assertFalse(Files.exists(repo.resolve("snapshots/" + OLD.hex())));
    assertFalse(Files.exists(repo.resolve("trees/" + OLD.hex() + ".json")));
    assertFalse(Files.exists(repo.resolve("blobs/" + old.file().blob().hex())));
    assertTrue(Files.exists(repo.resolve("blobs/" + shared.file().blob().hex())));
    assertEquals(6L * MIB, CacheScan.scan(cache).bytes());
  }

  @Test
  void removesARevisionByItsRefWithTheRef() {
    CacheRemove.revision(cache, REPO, "main").carryOut();
    assertFalse(Files.exists(repo.resolve("refs/main")));
    assertEquals(1, CacheScan.scan(cache).repos().getFirst().revisions().size());
  }

  @Test
  void removesARepo() {
    unfinished().close();
    CacheRemove.repo(cache, REPO).carryOut();
    assertFalse(Files.exists(repo));
    FailureException none =
        assertThrows(FailureException.class, () -> CacheRemove.repo(cache, REPO));
    assertEquals(ExitCode.NOT_FOUND, none.failure().exitCode());
  }

  @Test
  void refusesWhileAProcessDownloads() {
    try (PartFile part = unfinished()) {
      Removal removal = CacheRemove.repo(cache, REPO);
      FailureException refused = assertThrows(FailureException.class, removal::carryOut);
      assertEquals(ExitCode.STORAGE, refused.failure().exitCode());
      assertTrue(Files.exists(repo.resolve("refs/main")));
      Removal prune = CachePrune.plan(cache, Instant.now(), WEEK);
      assertEquals(List.of(), prune.items());
      assertTrue(prune.skipped().getFirst().contains("process " + ProcessHandle.current().pid()));
      assertEquals(MIB, part.heldBytes());
    }
  }

  @Test
  void prunesWhatNobodyUses() throws IOException {
    unfinished().close();
    Path stray = repo.resolve("blobs/" + "a".repeat(64));
    Files.write(stray, new byte[10]);
    Removal now = CachePrune.plan(cache, Instant.now(), WEEK);
    assertEquals(3L * MIB, now.bytes(), "the detached revision only");

    Instant later = Instant.now().plus(Duration.ofDays(8));
    Removal removal = CachePrune.plan(cache, later, WEEK);
    assertEquals(4L * MIB + 10, removal.bytes());
    removal.carryOut();
    assertFalse(Files.exists(stray));
    CachedRepo left = CacheScan.scan(cache).repos().getFirst();
    assertEquals(6L * MIB, left.bytes());
    assertEquals(List.of(), left.unfinished());
    assertEquals(1, left.revisions().size());
    CacheInvariants.checkFinished(cache);
  }

  @Test
  void neverDeletesThroughALink() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Path inside = repo.resolve("snapshots/" + OLD.hex() + "/dir");
    Files.createSymbolicLink(inside, outside);
    CacheRemove.revision(cache, REPO, OLD.hex()).carryOut();
    assertEquals("x", Files.readString(outside.resolve("precious")));
  }
}
