package dev.exodl.store;

import static dev.exodl.store.Content.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTargetTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/name");
  private static final Commit COMMIT = new Commit("0123456789abcdef0123456789abcdef01234567");

  @TempDir Path temp;
  private Path cache;
  private Path repo;
  private CacheTarget target;

  @BeforeEach
  void makeTarget() {
    cache = temp.resolve("cache");
    repo = cache.resolve("models--org--name");
    target = new CacheTarget(cache, REPO, COMMIT, false);
  }

  @AfterEach
  void cacheIsSound() {
    CacheInvariants.check(cache);
  }

  private static PartFile open(Target target, Content content) {
    return assertInstanceOf(
            Opened.Part.class, target.openPart(content.file(), MIB, LockWaiter.PATIENT))
        .part();
  }

  private static void fetch(Target target, Content content) {
    PartFile part = open(target, content);
    content.giveRest(part);
    target.place(content.file(), part);
  }

  @Test
  void placesALargeFileAsHuggingFaceDoes() throws IOException {
    Content model = Content.lfs("sub/dir/model.bin", 5 * MIB + 17, 1);
    fetch(target, model);
    target.finish(Revision.MAIN);

    Path link = repo.resolve("snapshots/" + COMMIT.hex() + "/sub/dir/model.bin");
    assertEquals(
        "../../../../blobs/" + model.file().blob().hex(), Files.readSymbolicLink(link).toString());
    assertArrayEquals(model.bytes(), Files.readAllBytes(link));
    assertEquals(COMMIT.hex(), Files.readString(repo.resolve("refs/main")));
    assertTrue(
        Files.readString(cache.resolve("CACHEDIR.TAG"))
            .startsWith("Signature: 8a477f597d28d172789f06886806bc55\n"));
    assertInstanceOf(Presence.Visible.class, target.presence(model.file()));
    assertEquals(Optional.of(COMMIT), Refs.read(cache, REPO, Revision.MAIN));
    CacheInvariants.checkFinished(cache);
  }

  @Test
  void placesSmallAndEmptyFiles() throws IOException {
    Content small = Content.git("config.json", "{}");
    Content empty = Content.git("a/empty", "");
    fetch(target, small);
    fetch(target, empty);
    target.finish(new Revision("refs/pr/1"));
    assertEquals("{}", Files.readString(target.visible(small.file())));
    assertEquals(0, Files.size(target.visible(empty.file())));
    assertEquals(COMMIT.hex(), Files.readString(repo.resolve("refs/refs/pr/1")));
    CacheInvariants.checkFinished(cache);
  }

  @Test
  void writesNoRefForARevisionThatIsTheCommit() throws IOException {
    fetch(target, Content.git("config.json", "{}"));
    target.finish(new Revision(COMMIT.hex()));
    try (var refs = Files.list(repo.resolve("refs"))) {
      assertEquals(0, refs.count());
    }
  }

  @Test
  void linksABlobThatIsThere() throws IOException {
    Content model = Content.lfs("model.bin", 3 * MIB, 2);
    fetch(target, model);
    Content copy = model.at("copies/model.bin");
    assertInstanceOf(Presence.BlobHere.class, target.presence(copy.file()));
    assertInstanceOf(
        Opened.AlreadyThere.class, target.openPart(copy.file(), MIB, LockWaiter.PATIENT));
    target.link(copy.file());
    assertInstanceOf(Presence.Visible.class, target.presence(copy.file()));
    assertTrue(Files.isSymbolicLink(target.visible(copy.file())));
  }

  @Test
  void replacesABlobOfTheWrongSizeAndAWrongLink() throws IOException {
    Content model = Content.lfs("model.bin", 3 * MIB, 3);
    Path blob = repo.resolve("blobs").resolve(model.file().blob().hex());
    Files.createDirectories(blob.getParent());
    Files.writeString(blob, "short");
    Files.createDirectories(target.root());
    Files.createSymbolicLink(target.visible(model.file()), Path.of("/etc/passwd"));
    Presence.Missing missing =
        assertInstanceOf(Presence.Missing.class, target.presence(model.file()));
    assertTrue(String.valueOf(missing.disbelieved()).contains("has 5 bytes, not 3145728"));
    fetch(target, model);
    assertArrayEquals(model.bytes(), Files.readAllBytes(target.visible(model.file())));
    assertTrue(Files.size(Path.of("/etc/passwd")) > 0);
  }

  @Test
  void movesFilesIntoTheSnapshotWhereLinksAreOff() throws IOException {
    CacheTarget plain = new CacheTarget(cache, REPO, COMMIT, true);
    Content model = Content.lfs("sub/model.bin", 2 * MIB, 4);
    fetch(plain, model);
    Content copy = model.at("again.bin");
    assertInstanceOf(Presence.BlobHere.class, plain.presence(copy.file()));
    plain.link(copy.file());
    plain.finish(Revision.MAIN);
    for (Content each : List.of(model, copy)) {
      assertTrue(Files.isRegularFile(plain.visible(each.file()), LinkOption.NOFOLLOW_LINKS));
      assertArrayEquals(model.bytes(), Files.readAllBytes(plain.visible(each.file())));
      assertInstanceOf(Presence.Visible.class, target.presence(each.file()));
    }
    CacheInvariants.checkFinished(cache);
  }

  @Test
  void goesOnWhereAClosedPartEnded() {
    Content model = Content.lfs("model.bin", 4 * MIB, 5);
    try (PartFile part = open(target, model)) {
      model.give(part, 2);
      model.give(part, 0);
    }
    assertEquals(2L * MIB, target.heldBytes(model.file()));
    try (PartFile part = open(target, model)) {
      assertEquals("{0, 2}", part.have().toString());
      assertTrue(part.intact(0) && part.intact(2) && !part.intact(1));
      part.lose(0);
      assertEquals("{2}", part.have().toString());
    }
    fetch(target, model);
    target.finish(Revision.MAIN);
    CacheInvariants.checkFinished(cache);
  }

  @Test
  void keepsTheCutOfAPartThatExists() {
    Content model = Content.lfs("model.bin", 4 * MIB, 6);
    open(target, model).close();
    try (PartFile part = open(target, model)) {
      model.give(part, 1);
    }
    Opened.Part again =
        assertInstanceOf(
            Opened.Part.class, target.openPart(model.file(), 2 * MIB, LockWaiter.PATIENT));
    assertEquals(MIB, again.part().grid().chunkSize());
    again.part().discard();
    CacheInvariants.checkFinished(cache);
  }

  @Test
  void takesOverThePrefixThatAnotherClientLeft() throws IOException {
    Content model = Content.lfs("model.bin", 4 * MIB, 7);
    Path prefix = repo.resolve("blobs").resolve(model.file().blob().hex() + ".incomplete");
    Files.createDirectories(prefix.getParent());
    byte[] left = java.util.Arrays.copyOf(model.bytes(), 2 * MIB + 100);
    Files.write(prefix, left);
    try (PartFile part = open(target, model)) {
      assertEquals("{0, 1}", part.have().toString());
      assertTrue(part.intact(0) && part.intact(1));
      assertTrue(
          part.remarks().getFirst().startsWith("took over 2.1 MB"), part.remarks()::toString);
    }
    assertArrayEquals(left, Files.readAllBytes(prefix));
  }

  @Test
  void takesOverThePrefixAlsoAfterADeathBeforeTheFirstChunk() throws IOException {
    Content model = Content.lfs("model.bin", 4 * MIB, 7);
    String etag = model.file().blob().hex();
    Files.createDirectories(repo.resolve(".exo-dl/" + etag + ".0badcafe"));
    Files.createDirectories(repo.resolve("blobs"));
    Files.write(
        repo.resolve("blobs").resolve(etag + ".incomplete"),
        java.util.Arrays.copyOf(model.bytes(), 2 * MIB));
    try (PartFile part = open(target, model)) {
      assertEquals("{0, 1}", part.have().toString());
    }
  }

  @Test
  void writesNothingWhenAllIsHere() throws IOException {
    Content model = Content.lfs("model.bin", 3 * MIB, 7);
    fetch(target, model);
    target.finish(Revision.MAIN);
    Path ref = repo.resolve("refs/main");
    Object before = Files.getAttribute(ref, "unix:ino");
    new CacheTarget(cache, REPO, COMMIT, false).finish(Revision.MAIN);
    assertEquals(before, Files.getAttribute(ref, "unix:ino"));
  }

  @Test
  void anewForgetsWhatIsThere() {
    Content model = Content.lfs("model.bin", 4 * MIB, 8);
    fetch(target, model);
    Opened.Part part =
        assertInstanceOf(Opened.Part.class, target.openAnew(model.file(), MIB, LockWaiter.PATIENT));
    assertEquals(0, part.part().have().cardinality());
    model.giveRest(part.part());
    target.place(model.file(), part.part());
  }

  @Test
  void theSamePartIsOpenOnceOnly() {
    Content model = Content.lfs("model.bin", 4 * MIB, 9);
    try (PartFile part = open(target, model)) {
      assertInstanceOf(
          Opened.Busy.class, target.openPart(model.file(), MIB, (owner, since) -> false));
      assertEquals(0, part.heldBytes());
    }
  }

  @Test
  void whoWaitedSeesThatTheBlobIsThere() {
    Content model = Content.lfs("model.bin", 4 * MIB, 10);
    PartFile part = open(target, model);
    Opened opened =
        target.openPart(
            model.file(),
            MIB,
            (owner, since) -> {
              if (part.heldBytes() == 0) {
                model.giveRest(part);
                target.place(model.file(), part);
              }
              return true;
            });
    assertInstanceOf(Opened.AlreadyThere.class, opened);
  }

  @Test
  void keepsTheListingAsHuggingFaceDoes() throws IOException {
    Content model = Content.lfs("model.bin", 10, 11);
    Content config = Content.git("config.json", "{}");
    assertEquals(Optional.empty(), target.listing());
    target.keepListing(List.of(model.file(), config.file()));
    assertEquals(Optional.of(List.of(config.file(), model.file())), target.listing());
    Path tree = repo.resolve("trees/" + COMMIT.hex() + ".json");
    Files.writeString(
        tree, Files.readString(tree).replace("format_version\" : 1", "format_version\" : 2"));
    assertEquals(Optional.empty(), target.listing());
  }

  @Test
  void refusesAFolderThatIsALinkToElsewhere() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Files.createDirectories(target.root());
    Files.createSymbolicLink(target.root().resolve("sub"), outside);
    Content model = Content.lfs("sub/model.bin", 2 * MIB, 12);
    FailureException refused =
        assertThrows(FailureException.class, () -> target.presence(model.file()));
    assertEquals(ExitCode.STORAGE, refused.failure().exitCode());
    assertTrue(refused.failure().where().endsWith("/sub"), refused::getMessage);
    assertThrows(FailureException.class, () -> fetch(target, model));
    Files.delete(target.root().resolve("sub"));
    try (var entries = Files.list(outside)) {
      assertEquals(0, entries.count());
    }
  }

  @Test
  void refusesBlobsAndRefsThatAreLinks() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Content model = Content.lfs("model.bin", 2 * MIB, 13);
    for (String name : List.of("blobs", "refs", "snapshots", ".exo-dl")) {
      Files.createDirectories(repo);
      Path link = Files.createSymbolicLink(repo.resolve(name), outside);
      FailureException refused =
          assertThrows(FailureException.class, () -> fetch(target, model), name);
      assertEquals(link.toString(), refused.failure().where());
      Files.delete(link);
    }
    try (var entries = Files.list(outside)) {
      assertEquals(0, entries.count());
    }
  }

  @Test
  void theCacheItselfMayBeALink() throws IOException {
    Path real = Files.createDirectory(temp.resolve("real"));
    Files.createSymbolicLink(cache, real);
    CacheTarget through = new CacheTarget(cache, REPO, COMMIT, false);
    fetch(through, Content.lfs("model.bin", 2 * MIB, 14));
    through.finish(Revision.MAIN);
    CacheInvariants.checkFinished(real);
  }
}
