package dev.exodl.store;

import static dev.exodl.store.Content.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoPath;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.model.Spread;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files with holes on their way: their places, kills at every step, owners that fall silent. */
class ExcerptsTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/name");
  private static final Commit COMMIT = new Commit("0123456789abcdef0123456789abcdef01234567");
  private static final ClaimTimes TIMES =
      new ClaimTimes(
          Duration.ofDays(1), Duration.ofDays(1), Duration.ofMillis(1), Duration.ofMillis(1));

  /** Ranges that end inside of chunks, with a hole before each but the first. */
  private static final Spread SPREAD =
      new Spread(
          List.of(
              new ByteRange(0, 1000),
              new ByteRange(5000, 5000 + MIB),
              new ByteRange(4L * MIB, 6L * MIB + 5)),
          9L * MIB + 7);

  /** The bytes without the holes. */
  private final Content bytes = Content.lfs("x", (int) SPREAD.length(), 1);

  private final Excerpts.Wanted wanted =
      new Excerpts.Wanted(bytes.file().blob(), new RepoPath("sub/m.partial.gguf"), SPREAD);

  @TempDir Path temp;

  private LocalDirTarget target(Path dir, DiskSteps steps, LockService locks, ClaimTimes times) {
    return new LocalDirTarget(dir, temp.resolve("no-cache"), REPO, COMMIT, steps, locks, times);
  }

  private LocalDirTarget target(Path dir, DiskSteps steps) {
    return target(dir, steps, new OsLocks(), TIMES);
  }

  private PartFile open(LocalDirTarget target) {
    return assertInstanceOf(
            Opened.Part.class, target.excerpts().open(wanted, MIB, false, LockWaiter.PATIENT))
        .part();
  }

  private byte[] withHoles() {
    byte[] file = new byte[(int) SPREAD.fileSize()];
    int at = 0;
    for (ByteRange range : SPREAD.ranges()) {
      System.arraycopy(bytes.bytes(), at, file, (int) range.offset(), (int) range.length());
      at += (int) range.length();
    }
    return file;
  }

  private void make(Path dir, DiskSteps steps, BitSet told) {
    LocalDirTarget target = target(dir, steps);
    PartFile part = open(target);
    for (int i : List.of(0, 2)) {
      bytes.give(part, i);
      told.set(i);
    }
    part.checkpoint();
    bytes.give(part, 1);
    told.set(1);
    part.close();
    PartFile again = open(target);
    bytes.giveRest(again);
    told.set(0, again.grid().count());
    target.excerpts().place(wanted, again, "{}");
    target.excerpts().write(new RepoPath("list.json"), "{}".getBytes(StandardCharsets.UTF_8));
    target.excerpts().keepOnly(List.of(wanted), Set.of());
    target.finish(Revision.MAIN);
  }

  /** A copy of the folder as a dead process left it, times and all. */
  private static void copy(Path from, Path to) throws IOException {
    Trees.copyDead(from, to);
    try (var files = Files.walk(to)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(
            file, Files.getLastModifiedTime(from.resolve(to.relativize(file).toString())));
      }
    }
  }

  @Test
  void bytesGoToTheirPlacesAndTheRestAreHoles() throws IOException {
    Path dir = temp.resolve("dir");
    make(dir, DiskSteps.NONE, new BitSet());
    LocalDirTarget target = target(dir, DiskSteps.NONE);
    assertArrayEquals(withHoles(), Files.readAllBytes(dir.resolve("sub/m.partial.gguf")));
    assertTrue(target.excerpts().isHere(wanted));
    assertEquals(Optional.of("{}"), target.excerpts().noted(wanted.id()));
    assertInstanceOf(
        Opened.AlreadyThere.class, target.excerpts().open(wanted, MIB, false, LockWaiter.PATIENT));
    Files.write(dir.resolve("sub/m.partial.gguf"), new byte[(int) SPREAD.fileSize()]);
    assertFalse(target.excerpts().isHere(wanted), "it was written to");
  }

  @Test
  void aKillAtAnyStepLosesNothingThatWasReportedAndShowsNothingHalfMade() throws IOException {
    CrashingDisk whole = new CrashingDisk(0);
    make(temp.resolve("whole"), whole, new BitSet());
    assertTrue(whole.steps() > 40, "steps: " + whole.steps());
    for (int step = 1; step <= whole.steps(); step++) {
      Path dir = temp.resolve("kill-" + step);
      Path left = temp.resolve("left-" + step);
      BitSet told = new BitSet();
      CrashingDisk disk = new CrashingDisk(step);
      try {
        make(dir, disk, told);
        throw new AssertionError("no crash at step " + step);
      } catch (CrashingDisk.Crash e) {
        disk.forget();
      }
      copy(dir, left);
      String when = "kill after step " + step;
      Path visible = left.resolve("sub/m.partial.gguf");
      LocalDirTarget target = target(left, DiskSteps.NONE);
      if (Files.exists(visible)) {
        assertArrayEquals(withHoles(), Files.readAllBytes(visible), when);
        assertTrue(target.excerpts().isHere(wanted), when);
      } else {
        PartFile part = open(target);
        BitSet missing = (BitSet) told.clone();
        missing.andNot(part.have());
        assertEquals("{}", missing.toString(), when);
        for (int i : part.have().stream().toArray()) {
          assertTrue(part.intact(i), when);
        }
        bytes.giveRest(part);
        target.excerpts().place(wanted, part, "{}");
        assertArrayEquals(withHoles(), Files.readAllBytes(visible), when);
      }
      new Disk(DiskSteps.NONE).deleteFolder(left);
      new Disk(DiskSteps.NONE).deleteFolder(dir);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSilentOwnersPartIsCopiedHolesAndAll(ScriptedLocks locks) throws Exception {
    Path dir = temp.resolve("dir");
    ClaimTimes mute =
        new ClaimTimes(
            Duration.ofDays(1),
            Duration.ofMillis(500),
            Duration.ofMillis(100),
            Duration.ofMillis(20));
    PartFile asleep = open(target(dir, DiskSteps.NONE, locks, mute));
    bytes.give(asleep, 1);
    bytes.give(asleep, 2);
    asleep.checkpoint();
    LocalDirTarget heirs = target(dir, DiskSteps.NONE, locks, mute);
    PartFile part = open(heirs);
    assertEquals("{1, 2}", part.have().toString());
    bytes.giveRest(part);
    heirs.excerpts().place(wanted, part, "{}");
    assertArrayEquals(withHoles(), Files.readAllBytes(dir.resolve("sub/m.partial.gguf")));
  }

  @Test
  void aHeadThatWasAlteredIsNotBelieved() throws IOException {
    Path dir = temp.resolve("dir");
    BlobId of = Content.lfs("m", 100, 2).file().blob();
    Excerpts excerpts = target(dir, DiskSteps.NONE).excerpts();
    excerpts.keepHead(of, new byte[] {1, 2, 3});
    assertArrayEquals(new byte[] {1, 2, 3}, excerpts.head(of).orElseThrow());
    Path file = dir.resolve(".cache/exo-dl/excerpts/" + of.hex() + ".head");
    byte[] kept = Files.readAllBytes(file);
    kept[kept.length - 1]++;
    Files.write(file, kept);
    assertEquals(Optional.empty(), excerpts.head(of));
    Files.write(file, new byte[3]);
    assertEquals(Optional.empty(), excerpts.head(of));
  }

  @Test
  void onlyOnesOwnUnchangedFilesAreDeleted() throws IOException {
    Path dir = temp.resolve("dir");
    make(dir, DiskSteps.NONE, new BitSet());
    Excerpts excerpts = target(dir, DiskSteps.NONE).excerpts();
    Path file = dir.resolve("sub/m.partial.gguf");
    assertFalse(excerpts.isForeign(wanted.path(), 1_000_000));
    Files.write(file, new byte[5]);
    excerpts.keepOnly(List.of(), Set.of());
    assertTrue(Files.exists(file), "somebody wrote to it");
    assertTrue(excerpts.isForeign(wanted.path(), 1_000_000));
    Files.delete(file);
    make(dir, DiskSteps.NONE, new BitSet());
    excerpts.keepOnly(List.of(), Set.of());
    assertFalse(Files.exists(file));
  }
}
