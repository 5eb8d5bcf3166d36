package dev.exodl.store;

import static dev.exodl.store.Content.MIB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.Chunk;
import dev.exodl.model.Commit;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a part finds when it is opened again, whatever became of its files. */
class PartRecoveryTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/name");
  private static final Commit COMMIT = new Commit("0123456789abcdef0123456789abcdef01234567");

  private final Content model = Content.lfs("model.bin", 6 * MIB + 1000, 1);

  @TempDir Path temp;
  private Path cache;
  private CacheTarget target;
  private Path workshop;

  @BeforeEach
  void makeTarget() {
    cache = temp.resolve("cache");
    target = new CacheTarget(cache, REPO, COMMIT, false);
    workshop = cache.resolve("models--org--name/.exo-dl");
  }

  @AfterEach
  void cacheIsSound() {
    CacheInvariants.check(cache);
  }

  private PartFile open(CacheTarget in) {
    return assertInstanceOf(Opened.Part.class, in.openPart(model.file(), MIB, LockWaiter.PATIENT))
        .part();
  }

  /** The only part folder. */
  private Path folder() throws IOException {
    List<Path> found = Succession.find(workshop, model.file().blob(), Names.PART);
    assertEquals(1, found.size());
    return found.getFirst();
  }

  private void leaveChunks(int... chunks) {
    try (PartFile part = open(target)) {
      for (int chunk : chunks) {
        model.give(part, chunk);
      }
    }
  }

  /** The rest can be fetched, and what comes out is right. */
  private void finish() throws IOException {
    PartFile part = open(target);
    model.giveRest(part);
    target.place(model.file(), part);
    target.finish(Revision.MAIN);
    assertArrayEquals(model.bytes(), Files.readAllBytes(target.visible(model.file())));
  }

  @Test
  void aKillLosesNoChunkThatWasReported() throws IOException {
    Path killed = temp.resolve("killed");
    try (PartFile part = open(target)) {
      model.give(part, 0);
      part.checkpoint();
      model.give(part, 3);
      model.give(part, 6);
      Chunk half = part.grid().chunk(5);
      part.write(half.offset(), model.bytes(), (int) half.offset(), 1000);
      Trees.copyDead(cache, killed);
    }
    try (PartFile part = open(new CacheTarget(killed, REPO, COMMIT, false))) {
      assertEquals("{0, 3, 6}", part.have().toString());
      assertTrue(part.intact(0) && part.intact(3) && part.intact(6));
    }
    CacheInvariants.check(killed);
  }

  @Test
  void aJournalWithoutAStateIsEnough() throws IOException {
    Path killed = temp.resolve("killed");
    try (PartFile part = open(target)) {
      model.give(part, 2);
      Trees.copyDead(cache, killed);
    }
    CacheTarget again = new CacheTarget(killed, REPO, COMMIT, false);
    assertEquals(MIB, again.heldBytes(model.file()));
    Opened opened = again.openPart(model.file(), 4 * MIB, LockWaiter.PATIENT);
    try (PartFile part = assertInstanceOf(Opened.Part.class, opened).part()) {
      assertEquals("{2}", part.have().toString());
      assertEquals(MIB, part.grid().chunkSize(), "its own cut");
    }
  }

  @Test
  void aJournaledChunkThatDidNotReachTheDiskDoesNotCount() throws IOException {
    Path killed = temp.resolve("killed");
    try (PartFile part = open(target)) {
      model.give(part, 2);
      model.give(part, 4);
      Trees.copyDead(cache, killed);
    }
    Path data = killed.resolve(cache.relativize(folder()).toString()).resolve("part");
    OpenFile file = OpenFile.open(data, DiskSteps.NONE);
    file.write(4L * MIB + 77, new byte[100], 0, 100);
    file.close();
    try (PartFile part = open(new CacheTarget(killed, REPO, COMMIT, false))) {
      assertEquals("{2}", part.have().toString());
    }
  }

  @Test
  void aLostChunkStaysLost() throws IOException {
    Path killed = temp.resolve("killed");
    try (PartFile part = open(target)) {
      model.give(part, 1);
      model.give(part, 2);
      part.lose(1);
      assertEquals(MIB, part.heldBytes());
      Trees.copyDead(cache, killed);
    }
    try (PartFile part = open(new CacheTarget(killed, REPO, COMMIT, false))) {
      assertEquals("{2}", part.have().toString());
    }
  }

  @Test
  void aDamagedStateIsSetAsideUntouched() throws IOException {
    leaveChunks(0, 1);
    Path state = folder().resolve("state");
    byte[] bytes = Files.readAllBytes(state);
    bytes[30] ^= 1;
    Files.write(state, bytes);
    try (PartFile part = open(target)) {
      assertEquals(0, part.have().cardinality());
      assertTrue(
          part.remarks().getFirst().contains("its checksum is wrong"), part.remarks()::toString);
    }
    Path aside = workshop.resolve(model.file().blob().hex() + ".state.damaged-1");
    assertArrayEquals(bytes, Files.readAllBytes(aside));
    finish();
  }

  @Test
  void noMoreThanNineDamagedStatesAreKept() throws IOException {
    for (int i = 0; i < 12; i++) {
      leaveChunks(0);
      Files.writeString(folder().resolve("state"), "damage " + i);
    }
    open(target).close();
    try (var entries = Files.list(workshop)) {
      assertEquals(9, entries.filter(p -> p.toString().contains("damaged")).count());
    }
  }

  @Test
  void aStateOfAnotherBlobIsNotUsed() throws IOException {
    leaveChunks(0, 1);
    Content other = Content.lfs("model.bin", 6 * MIB + 1000, 2);
    StateFile state;
    try {
      state = StateFile.decode(Files.readAllBytes(folder().resolve("state")));
    } catch (StateFile.Damaged e) {
      throw new AssertionError(e);
    }
    StateFile foreign =
        new StateFile(other.file().blob(), state.grid(), state.generation(), state.held());
    Files.write(folder().resolve("state"), foreign.encode());
    try (PartFile part = open(target)) {
      assertEquals(0, part.have().cardinality());
    }
  }

  @Test
  void dataOfTheWrongLengthCountsForNothing() throws IOException {
    leaveChunks(0, 1);
    Files.write(folder().resolve("part"), new byte[1], StandardOpenOption.APPEND);
    try (PartFile part = open(target)) {
      assertEquals(0, part.have().cardinality());
      assertTrue(part.remarks().getFirst().contains("wrong length"), part.remarks()::toString);
    }
    leaveChunks(0, 1);
    Files.delete(folder().resolve("part"));
    assertEquals(0, target.heldBytes(model.file()));
    try (PartFile part = open(target)) {
      assertEquals(0, part.have().cardinality());
    }
    finish();
  }

  @Test
  void anInterruptedWriterDoesNotCloseTheFileForOthers() throws Exception {
    PartFile part = open(target);
    CountDownLatch done = new CountDownLatch(1);
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  model.give(part, 0);
                  if (Thread.currentThread().isInterrupted()) {
                    done.countDown();
                  }
                });
    writer.join();
    assertEquals(0, done.getCount(), "the interrupt is still pending");
    model.giveRest(part);
    target.place(model.file(), part);
    assertArrayEquals(model.bytes(), Files.readAllBytes(target.visible(model.file())));
  }

  @Test
  void manyThreadsWriteAtOnce() throws Exception {
    Content large = Content.lfs("large.bin", 40 * MIB + 5, 9);
    PartFile part =
        assertInstanceOf(Opened.Part.class, target.openPart(large.file(), MIB, LockWaiter.PATIENT))
            .part();
    List<Thread> threads = new java.util.ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int first = t;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = first; i < part.grid().count(); i += 8) {
                      large.give(part, i);
                      if (i % 5 == 0) {
                        part.checkpoint();
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(part.grid().count(), part.have().cardinality());
    part.close();
    try (PartFile again =
        assertInstanceOf(Opened.Part.class, target.openPart(large.file(), MIB, LockWaiter.PATIENT))
            .part()) {
      assertEquals(41, again.have().cardinality());
      for (int i = 0; i < 41; i++) {
        assertTrue(again.intact(i));
      }
    }
  }

  @Test
  void nothingCountsThatCameBeforeAFailedSync() {
    boolean[] broken = {false};
    DiskSteps disk =
        (step, path) -> {
          if (broken[0] && step == DiskSteps.Step.FILE_SYNCED && path.endsWith("part")) {
            broken[0] = false;
            throw new IOException("Input/output error");
          }
        };
    CacheTarget ill =
        new CacheTarget(cache, REPO, COMMIT, false, disk, new OsLocks(), ClaimTimes.USUAL);
    PartFile part = open(ill);
    model.give(part, 0);
    part.checkpoint();
    model.give(part, 1);
    broken[0] = true;
    FailureException failed = assertThrows(FailureException.class, part::checkpoint);
    assertTrue(failed.getMessage().contains("input/output error"), failed::getMessage);
    // The next sync would succeed, but says nothing about what the first one lost.
    assertThrows(FailureException.class, () -> model.give(part, 2));
    part.checkpoint();
    part.close();
    try (PartFile after = open(target)) {
      assertEquals("{0}", after.have().toString());
    }
  }

  @Test
  void aFullDiskSaysHowMuchIsKept() {
    boolean[] full = {false};
    DiskSteps disk =
        (step, path) -> {
          if (full[0] && step == DiskSteps.Step.WRITTEN && path.endsWith("part")) {
            throw new IOException("No space left on device");
          }
        };
    CacheTarget small =
        new CacheTarget(cache, REPO, COMMIT, false, disk, new OsLocks(), ClaimTimes.USUAL);
    try (PartFile part = open(small)) {
      model.give(part, 0);
      model.give(part, 1);
      full[0] = true;
      FailureException failed = assertThrows(FailureException.class, () -> model.give(part, 2));
      assertTrue(
          failed.getMessage().startsWith("could not write: the disk is full"), failed::getMessage);
      assertTrue(failed.getMessage().contains("(4.2 MB more needed, "), failed::getMessage);
      assertTrue(failed.getMessage().endsWith("; 2.1 MB are kept"), failed::getMessage);
    }
    assertEquals(2L * MIB, target.heldBytes(model.file()));
  }

  @Test
  void aClosedPartSaysSo() {
    PartFile part = open(target);
    part.close();
    part.close();
    assertThrows(FailureException.class, () -> model.give(part, 0));
  }

  @Test
  void tidiesUpAfterWhoeverPlacedTheBlobElsewhere() throws IOException {
    leaveChunks(0, 1);
    Path blob = cache.resolve("models--org--name/blobs").resolve(model.file().blob().hex());
    Files.write(blob, model.bytes());
    assertInstanceOf(Presence.BlobHere.class, target.presence(model.file()));
    target.link(model.file());
    target.finish(Revision.MAIN);
    assertFalse(
        Files.list(workshop).anyMatch(p -> p.toString().contains(model.file().blob().hex())));
    CacheInvariants.checkFinished(cache);
  }
}
