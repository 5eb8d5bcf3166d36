package dev.exodl.store;

import static dev.exodl.store.Content.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Commit;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDirTargetTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/name");
  private static final Commit COMMIT = new Commit("0123456789abcdef0123456789abcdef01234567");
  private static final Commit OTHER = new Commit("9".repeat(40));

  private final Content model = Content.lfs("sub/model.bin", 3 * MIB + 9, 1);
  private final Content config = Content.git("config.json", "{}");

  @TempDir Path temp;
  private Path dir;
  private Path cache;
  private LocalDirTarget target;

  @BeforeEach
  void makeTarget() {
    dir = temp.resolve("dir");
    cache = temp.resolve("cache");
    target = new LocalDirTarget(dir, cache, REPO, COMMIT);
  }

  @AfterEach
  void workshopIsSound() {
    CacheInvariants.checkWorkshop(dir.resolve(".cache/exo-dl"), false);
    CacheInvariants.check(cache);
  }

  private static PartFile open(Target in, Content content) {
    return assertInstanceOf(Opened.Part.class, in.openPart(content.file(), MIB, LockWaiter.PATIENT))
        .part();
  }

  private static void fetch(Target in, Content content) {
    PartFile part = open(in, content);
    content.giveRest(part);
    in.place(content.file(), part);
  }

  @Test
  void placesPlainFilesWithTheMetadataOfHuggingFace() throws IOException {
    fetch(target, model);
    fetch(target, config);
    target.finish(Revision.MAIN);
    assertArrayEquals(model.bytes(), Files.readAllBytes(dir.resolve("sub/model.bin")));
    assertTrue(Files.isRegularFile(dir.resolve("config.json"), LinkOption.NOFOLLOW_LINKS));
    Path metadata = dir.resolve(".cache/huggingface/download/sub/model.bin.metadata");
    List<String> lines = Files.readAllLines(metadata);
    assertEquals(COMMIT.hex(), lines.get(0));
    assertEquals(model.file().blob().hex(), lines.get(1));
    assertTrue(lines.get(2).matches("[0-9]+\\.[0-9]{3}"));
    assertEquals("*", Files.readString(dir.resolve(".cache/huggingface/.gitignore")));
    assertEquals("*", Files.readString(dir.resolve(".cache/exo-dl/.gitignore")));
    assertInstanceOf(Presence.Visible.class, target.presence(model.file()));
    CacheInvariants.checkWorkshop(dir.resolve(".cache/exo-dl"), true);
  }

  @Test
  void aFileOfAnotherCommitWithTheSameBlobIsUpToDate() {
    fetch(target, config);
    LocalDirTarget other = new LocalDirTarget(dir, cache, REPO, OTHER);
    assertInstanceOf(Presence.Visible.class, other.presence(config.file()));
  }

  @Test
  void aFileThatWasTouchedHasToBeChecked() throws IOException {
    fetch(target, config);
    Path file = dir.resolve("config.json");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));
    assertInstanceOf(Presence.Check.class, target.presence(config.file()));
    target.adopt(config.file());
    assertInstanceOf(Presence.Visible.class, target.presence(config.file()));
  }

  @Test
  void anUnknownFileHasToBeCheckedAndCanBeReplaced() throws IOException {
    Files.createDirectories(dir);
    Files.writeString(dir.resolve("config.json"), "[]");
    assertInstanceOf(Presence.Check.class, target.presence(config.file()));
    fetch(target, config);
    assertEquals("{}", Files.readString(dir.resolve("config.json")));
    Files.writeString(dir.resolve("config.json"), "longer");
    assertInstanceOf(Presence.Missing.class, target.presence(config.file()));
  }

  @Test
  void copiesWhatTheCacheHas() throws IOException {
    CacheTarget main = new CacheTarget(cache, REPO, COMMIT, false);
    fetch(main, model);
    main.finish(Revision.MAIN);
    assertInstanceOf(Presence.BlobHere.class, target.presence(model.file()));
    assertInstanceOf(
        Opened.AlreadyThere.class, target.openPart(model.file(), MIB, LockWaiter.PATIENT));
    target.link(model.file());
    assertArrayEquals(model.bytes(), Files.readAllBytes(dir.resolve("sub/model.bin")));
    assertTrue(Files.isRegularFile(dir.resolve("sub/model.bin"), LinkOption.NOFOLLOW_LINKS));
    assertInstanceOf(Presence.Visible.class, target.presence(model.file()));
  }

  @Test
  void aDamagedBlobOfTheCacheIsNotCopied() throws IOException {
    Path blob = cache.resolve("models--org--name/blobs/" + model.file().blob().hex());
    Files.createDirectories(blob.getParent());
    byte[] damaged = model.bytes().clone();
    damaged[100] ^= 1;
    Files.write(blob, damaged);
    FailureException refused =
        assertThrows(FailureException.class, () -> target.link(model.file()));
    assertEquals(dev.exodl.model.ExitCode.INTEGRITY, refused.failure().exitCode());
    assertEquals(blob.toString(), refused.failure().where());
    assertFalse(Files.exists(dir.resolve("sub/model.bin")));
    Files.delete(blob);
    assertThrows(FailureException.class, () -> target.link(model.file()));
  }

  @Test
  void copiesABlobThatStandsAtTwoPaths() throws IOException {
    fetch(target, model);
    Content twin = model.at("twin.bin");
    assertInstanceOf(Presence.BlobHere.class, target.presence(twin.file()));
    target.link(twin.file());
    assertArrayEquals(model.bytes(), Files.readAllBytes(dir.resolve("twin.bin")));
  }

  @Test
  void goesOnWhereItEnded() {
    try (PartFile part = open(target, model)) {
      model.give(part, 1);
    }
    assertEquals(MIB, target.heldBytes(model.file()));
    assertFalse(Files.exists(dir.resolve("sub/model.bin")));
    try (PartFile part = open(target, model)) {
      assertEquals("{1}", part.have().toString());
    }
  }

  @Test
  void takesOverThePrefixThatAnotherClientLeft() throws Exception {
    byte[] sha1 =
        MessageDigest.getInstance("SHA-1")
            .digest("model.bin.metadata".getBytes(StandardCharsets.UTF_8));
    String name = Base64.getUrlEncoder().encodeToString(sha1);
    Path left =
        dir.resolve(
            ".cache/huggingface/download/sub/"
                + name
                + "."
                + model.file().blob().hex()
                + ".incomplete");
    Files.createDirectories(left.getParent());
    Files.write(left, Arrays.copyOf(model.bytes(), MIB));
    try (PartFile part = open(target, model)) {
      assertEquals("{0}", part.have().toString());
    }
    assertEquals(MIB, Files.size(left));
  }

  @Test
  void replacesALinkAtTheFilesOwnName() throws IOException {
    Path outside = temp.resolve("outside");
    Files.writeString(outside, "precious");
    Files.createDirectories(dir);
    Files.createSymbolicLink(dir.resolve("config.json"), outside);
    assertInstanceOf(Presence.Missing.class, target.presence(config.file()));
    fetch(target, config);
    assertEquals("precious", Files.readString(outside));
    assertEquals("{}", Files.readString(dir.resolve("config.json")));
  }

  @Test
  void refusesFoldersThatAreLinks() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    for (String name : List.of(".cache", "sub")) {
      Files.createDirectories(dir);
      Path link = Files.createSymbolicLink(dir.resolve(name), outside);
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
  void aFolderWithTheFilesNameIsRefused() throws IOException {
    Files.createDirectories(dir.resolve("config.json"));
    FailureException refused = assertThrows(FailureException.class, () -> fetch(target, config));
    assertTrue(refused.getMessage().contains("a folder is where a file is needed"));
    Files.createDirectories(dir);
    Files.writeString(dir.resolve("sub"), "a file");
    FailureException blocked = assertThrows(FailureException.class, () -> fetch(target, model));
    assertTrue(blocked.getMessage().contains("a file is where a folder is needed"));
  }

  @Test
  void keepsTheListing() {
    target.keepListing(List.of(config.file()));
    assertEquals(Optional.of(List.of(config.file())), target.listing());
  }

  @Test
  void aNameThatLeavesNoRoomForItsMetadataIsNotRemembered() throws IOException {
    Content longest = model.at("sub/" + "n".repeat(255));
    Content small = Content.git("s".repeat(247), "{}");
    Content fits = Content.git("f".repeat(246), "[]");
    for (Content content : List.of(longest, small, fits)) {
      fetch(target, content);
    }
    target.finish(Revision.MAIN);
    LocalDirTarget again = new LocalDirTarget(dir, cache, REPO, COMMIT);
    assertArrayEquals(model.bytes(), Files.readAllBytes(again.visible(longest.file())));
    assertInstanceOf(Presence.Check.class, again.presence(longest.file()));
    assertInstanceOf(Presence.Check.class, again.presence(small.file()));
    assertInstanceOf(Presence.Visible.class, again.presence(fits.file()));
    again.adopt(small.file());
    assertInstanceOf(Presence.Visible.class, again.presence(fits.file()));
  }

  @Test
  void keepsWhichCommitARevisionWas() throws IOException {
    Revision pr = new Revision("refs/pr/1");
    target.finish(pr);
    target.finish(new Revision(COMMIT.hex()));
    assertEquals(Optional.of(COMMIT), Refs.inLocalDir(dir, REPO, pr));
    assertEquals(Optional.empty(), Refs.inLocalDir(dir, REPO, Revision.MAIN));
    Repo other = new Repo(RepoType.DATASET, "org/name");
    assertEquals(Optional.empty(), Refs.inLocalDir(dir, other, pr));
    Path ref = dir.resolve(".cache/exo-dl/refs/models--org--name/refs/pr/1");
    assertEquals(COMMIT.hex(), Files.readString(ref));
    FileTime old = FileTime.from(Instant.EPOCH);
    Files.setLastModifiedTime(ref, old);
    target.finish(pr);
    assertEquals(old, Files.getLastModifiedTime(ref), "written though it was right");
    new LocalDirTarget(dir, cache, REPO, OTHER).finish(pr);
    assertEquals(Optional.of(OTHER), Refs.inLocalDir(dir, REPO, pr));
  }

  @Test
  void aRefThatCannotBeKeptIsNotMissed() throws IOException {
    Files.createDirectories(dir.resolve(".cache/exo-dl"));
    Files.writeString(dir.resolve(".cache/exo-dl/refs"), "no folder");
    fetch(target, config);
    target.finish(Revision.MAIN);
    assertEquals("{}", Files.readString(dir.resolve("config.json")));
  }
}
