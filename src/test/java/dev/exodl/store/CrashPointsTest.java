package dev.exodl.store;

import static dev.exodl.store.Content.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A download is stopped after each of its steps on disk in turn, by a kill and by a power loss.
 * Whatever is then claimed to be held is there, what is visible is right, and the download can be
 * finished.
 */
class CrashPointsTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/name");
  private static final Commit COMMIT = new Commit("0123456789abcdef0123456789abcdef01234567");

  /** No heartbeat comes between the steps. */
  private static final ClaimTimes TIMES =
      new ClaimTimes(
          Duration.ofDays(1), Duration.ofDays(1), Duration.ofMillis(1), Duration.ofMillis(1));

  /** Several chunks, so with a state. */
  private final Content model = Content.lfs("sub/model.bin", 3 * MIB + 5, 1);

  private final Content config = Content.git("config.json", "{}");

  @TempDir Path temp;

  private static CacheTarget target(Path cache, DiskSteps steps) {
    return new CacheTarget(cache, REPO, COMMIT, false, steps, new OsLocks(), TIMES);
  }

  private static PartFile open(CacheTarget target, Content content) {
    return assertInstanceOf(
            Opened.Part.class, target.openPart(content.file(), MIB, LockWaiter.PATIENT))
        .part();
  }

  /** A download with a break, a bad chunk, and two files. Reports what was told to be held. */
  private void download(Path cache, DiskSteps steps, BitSet told) {
    CacheTarget target = target(cache, steps);
    PartFile part = open(target, model);
    for (int i : List.of(0, 2, 1)) {
      model.give(part, i);
      told.set(i);
    }
    part.checkpoint();
    model.give(part, 3);
    told.set(3);
    told.clear(2);
    part.lose(2);
    part.close();

    PartFile again = open(target, model);
    for (int i = 0; i < again.grid().count(); i++) {
      if (!again.have().get(i)) {
        model.give(again, i);
        told.set(i);
      }
    }
    target.place(model.file(), again);
    PartFile small = open(target, config);
    config.giveRest(small);
    target.place(config.file(), small);
    target.finish(Revision.MAIN);
  }

  private int steps() {
    CrashingDisk disk = new CrashingDisk(0);
    download(temp.resolve("whole"), disk, new BitSet());
    CacheInvariants.checkFinished(temp.resolve("whole"));
    return disk.steps();
  }

  /** Runs the download up to a step, and returns the disk as the crash left it. */
  private CrashingDisk crash(int step, Path cache, BitSet told) {
    CrashingDisk disk = new CrashingDisk(step);
    try {
      download(cache, disk, told);
    } catch (CrashingDisk.Crash e) {
      return disk;
    }
    throw new AssertionError("no crash at step " + step);
  }

  /** What is left of a disk is sound, holds at least these chunks, and can be gone on with. */
  private void goesOn(Path cache, BitSet atLeast, String when) throws IOException {
    try {
      CacheInvariants.checkAfterPowerLoss(cache);
      CacheTarget target = target(cache, DiskSteps.NONE);
      if (target.openPart(model.file(), MIB, LockWaiter.PATIENT)
          instanceof Opened.Part(PartFile part)) {
        BitSet missing = (BitSet) atLeast.clone();
        missing.andNot(part.have());
        assertEquals("{}", missing.toString(), when);
        for (int i : part.have().stream().toArray()) {
          assertTrue(part.intact(i), when);
          assertEquals(model.crc(part.grid().chunk(i)), part.crc(i), when);
        }
        model.giveRest(part);
        target.place(model.file(), part);
      } else {
        target.link(model.file());
      }
      if (target.openPart(config.file(), MIB, LockWaiter.PATIENT)
          instanceof Opened.Part(PartFile part)) {
        config.giveRest(part);
        target.place(config.file(), part);
      } else {
        target.link(config.file());
      }
      target.finish(Revision.MAIN);
      for (Content content : List.of(model, config)) {
        assertArrayEquals(
            content.bytes(), Files.readAllBytes(target.visible(content.file())), when);
      }
      CacheInvariants.check(cache);
      new Disk(DiskSteps.NONE).deleteFolder(cache);
    } catch (AssertionError e) {
      throw new AssertionError(when + ": " + e.getMessage(), e);
    }
  }

  @Test
  void aKillAtAnyStepLosesNothingThatWasReported() throws IOException {
    int steps = steps();
    assertTrue(steps > 50, "steps: " + steps);
    for (int step = 1; step <= steps; step++) {
      Path cache = temp.resolve("kill-" + step);
      Path left = temp.resolve("left-" + step);
      BitSet told = new BitSet();
      crash(step, cache, told).forget();
      Trees.copyDead(cache, left);
      boolean placed =
          Files.exists(left.resolve("models--org--name/blobs/" + model.file().blob().hex()));
      goesOn(left, placed ? new BitSet() : told, "kill after step " + step);
    }
  }

  @Test
  void aPowerLossAtAnyStepLetsNothingBeClaimedThatIsNotThere() throws IOException {
    int steps = steps();
    for (int step = 1; step <= steps; step++) {
      for (boolean namesSurvive : new boolean[] {true, false}) {
        Path cache = temp.resolve("power-" + step + namesSurvive);
        Path left = temp.resolve("rest-" + step + namesSurvive);
        CrashingDisk disk = crash(step, cache, new BitSet());
        disk.powerLoss(cache, left, namesSurvive);
        disk.forget();
        goesOn(
            left,
            new BitSet(),
            "power loss after step " + step + ", names survive: " + namesSurvive);
      }
    }
  }

  @Test
  void aPowerLossKeepsWhatACheckpointSaved() throws IOException {
    CrashingDisk disk = new CrashingDisk(0);
    Path cache = temp.resolve("cache");
    CacheTarget target = target(cache, disk);
    try (PartFile part = open(target, model)) {
      model.give(part, 0);
      model.give(part, 3);
      part.checkpoint();
      model.give(part, 1);
      for (boolean namesSurvive : new boolean[] {true, false}) {
        Path left = temp.resolve("left-" + namesSurvive);
        disk.powerLoss(cache, left, namesSurvive);
        try (PartFile after = open(target(left, DiskSteps.NONE), model)) {
          assertEquals("{0, 3}", after.have().toString());
        }
      }
    }
  }
}
