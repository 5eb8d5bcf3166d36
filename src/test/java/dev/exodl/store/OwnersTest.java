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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who may work on a part, with locks that are missing or lie, and with owners that die, fall silent
 * and wake up.
 */
class OwnersTest {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/name");
  private static final Commit COMMIT = new Commit("0123456789abcdef0123456789abcdef01234567");
  private static final ClaimTimes QUICK =
      new ClaimTimes(
          Duration.ofMillis(100),
          Duration.ofMillis(1500),
          Duration.ofMillis(100),
          Duration.ofMillis(20));

  /** An owner that never says that it lives. */
  private static final ClaimTimes MUTE =
      new ClaimTimes(
          Duration.ofDays(1),
          Duration.ofMillis(1500),
          Duration.ofMillis(100),
          Duration.ofMillis(20));

  private static final LockWaiter IMPATIENT = (owner, since) -> false;

  private final Content model = Content.lfs("model.bin", 12 * MIB, 1);

  @TempDir Path temp;
  private Path cache;
  private Path ownerFile;

  @BeforeEach
  void makePaths() {
    cache = temp.resolve("cache");
    ownerFile = cache.resolve("models--org--name/.exo-dl/" + model.file().blob().hex() + ".owner");
  }

  @AfterEach
  void cacheIsSound() {
    CacheInvariants.check(cache);
  }

  private CacheTarget target(LockService locks, ClaimTimes times) {
    return new CacheTarget(cache, REPO, COMMIT, false, DiskSteps.NONE, locks, times);
  }

  private PartFile open(CacheTarget target) {
    return assertInstanceOf(
            Opened.Part.class, target.openPart(model.file(), MIB, LockWaiter.PATIENT))
        .part();
  }

  private void finish(CacheTarget target, PartFile part) throws IOException {
    model.giveRest(part);
    target.place(model.file(), part);
    target.finish(Revision.MAIN);
    assertArrayEquals(model.bytes(), Files.readAllBytes(target.visible(model.file())));
    CacheInvariants.checkFinished(cache);
  }

  @ParameterizedTest
  @EnumSource
  void aLiveOwnerIsRespected(ScriptedLocks locks) throws Exception {
    CacheTarget first = target(locks, QUICK);
    CacheTarget second = target(locks, QUICK);
    PartFile part = open(first);
    model.give(part, 3);
    Thread.sleep(QUICK.silence().plusMillis(500));
    Opened.Busy busy =
        assertInstanceOf(Opened.Busy.class, second.openPart(model.file(), MIB, IMPATIENT));
    assertEquals("process " + ProcessHandle.current().pid() + " on this machine", busy.owner());
    finish(first, part);
    assertInstanceOf(Opened.AlreadyThere.class, second.openPart(model.file(), MIB, IMPATIENT));
  }

  @ParameterizedTest
  @EnumSource
  void aSilentOwnersPartIsCopied(ScriptedLocks locks) throws Exception {
    CacheTarget sleeper = target(locks, MUTE);
    PartFile asleep = open(sleeper);
    model.give(asleep, 3);
    asleep.checkpoint();
    model.give(asleep, 5);

    CacheTarget heir = target(locks, QUICK);
    PartFile part = open(heir);
    assertEquals("{3, 5}", part.have().toString());

    // It wakes up and writes nonsense where the heir holds good bytes: into its own file, which
    // nobody uses.
    asleep.write(3L * MIB, new byte[MIB], 0, MIB);
    asleep.write(5L * MIB, new byte[MIB], 0, MIB);
    assertTrue(part.intact(3) && part.intact(5));
    FailureException lost =
        assertThrows(FailureException.class, () -> sleeper.place(model.file(), asleep));
    assertEquals(ExitCode.STORAGE, lost.failure().exitCode());
    assertTrue(lost.getMessage().contains("took over"), lost::getMessage);
    assertThrows(FailureException.class, asleep::close);
    finish(heir, part);
  }

  @ParameterizedTest
  @EnumSource
  void manyThatTakeOverAtOnceDamageNothing(ScriptedLocks locks) throws Exception {
    PartFile asleep = open(target(locks, MUTE));
    model.give(asleep, 3);
    Thread.sleep(MUTE.silence().plusMillis(100));
    List<Thread> heirs = new ArrayList<>();
    List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 8; i++) {
      heirs.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      inherit(target(locks, QUICK));
                    } catch (FailureException e) {
                      // Doing it twice, or losing it to another heir, is allowed; damage is not.
                      if (!(e.failure() instanceof dev.exodl.model.Failure.Storage)) {
                        wrong.add(e.getMessage());
                      }
                    }
                  }));
    }
    for (Thread heir : heirs) {
      heir.join();
    }
    assertEquals(List.of(), wrong);
    CacheTarget last = target(locks, QUICK);
    assertInstanceOf(Opened.AlreadyThere.class, last.openPart(model.file(), MIB, IMPATIENT));
    assertArrayEquals(model.bytes(), Files.readAllBytes(last.visible(model.file())));
  }

  private void inherit(CacheTarget heir) {
    switch (heir.openPart(model.file(), MIB, LockWaiter.PATIENT)) {
      case Opened.Part(PartFile part) -> {
        model.giveRest(part);
        heir.place(model.file(), part);
      }
      case Opened.AlreadyThere there -> heir.link(model.file());
      case Opened.Busy busy -> throw new AssertionError(busy);
    }
  }

  @Test
  void anOwnerOnAnotherMachineIsJudgedByItsHeartbeat() throws IOException {
    CacheTarget target = target(new OsLocks(), ClaimTimes.USUAL);
    try (PartFile part = open(target)) {
      model.give(part, 1);
    }
    writeOwner("elsewhere", "another-boot", "no lock");
    Opened.Busy busy =
        assertInstanceOf(Opened.Busy.class, target.openPart(model.file(), MIB, IMPATIENT));
    assertEquals("process 4711 on elsewhere", busy.owner());
    Files.setLastModifiedTime(ownerFile, FileTime.from(Instant.now().minusSeconds(61)));
    finish(target, open(target));
  }

  @Test
  void aDeadOwnerInAnotherContainerIsToldByItsLock() throws IOException {
    CacheTarget target = target(new OsLocks(), ClaimTimes.USUAL);
    open(target).close();
    writeOwner("container", ProcessIdentity.mine().boot(), "locked");
    finish(target, open(target));
  }

  @Test
  void anUnreadableOwnerFileIsRespectedForAWhile() throws IOException {
    CacheTarget target = target(new OsLocks(), QUICK);
    open(target).close();
    Files.writeString(ownerFile, "");
    assertInstanceOf(Opened.Busy.class, target.openPart(model.file(), MIB, IMPATIENT));
    finish(target, open(target));
  }

  private void writeOwner(String host, String boot, String lock) throws IOException {
    String text =
        String.join(
            "\n",
            "exo-dl owner 1",
            "00c0ffee",
            lock,
            host,
            boot,
            "pid:[1]",
            "someone",
            "4711",
            "1");
    Files.write(ownerFile, (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void aKilledProcessIsSucceededAtOnce(ScriptedLocks locks) throws Exception {
    killedAfterThreeChunks(locks.name());
    long began = System.nanoTime();
    CacheTarget target = target(locks, ClaimTimes.USUAL);
    PartFile part = open(target);
    assertEquals("{0, 1, 2}", part.have().toString());
    assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) < 10);
    finish(target, part);
  }

  @Test
  void twoProcessesExcludeEachOther() throws Exception {
    Process process = holder("OS");
    CacheTarget target = target(new OsLocks(), ClaimTimes.USUAL);
    try {
      Opened.Busy busy =
          assertInstanceOf(Opened.Busy.class, target.openPart(model.file(), MIB, IMPATIENT));
      assertEquals("process " + process.pid() + " on this machine", busy.owner());
    } finally {
      process.destroyForcibly().waitFor();
    }
    PartFile part = open(target);
    assertEquals("{0, 1, 2}", part.have().toString());
    finish(target, part);
  }

  private void killedAfterThreeChunks(String locks) throws Exception {
    Process process = holder(locks);
    process.destroyForcibly();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
  }

  /** Another process that has fetched three chunks and hangs. */
  private Process holder(String locks) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PartHolder.class.getName(),
                cache.toString(),
                locks)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = process.inputReader().readLine();
    if (!"holding".equals(line)) {
      process.destroyForcibly();
      throw new AssertionError("the other process said " + line);
    }
    return process;
  }

  /** The other process. It ends by itself after a minute. */
  static final class PartHolder {
    private PartHolder() {}

    public static void main(String[] args) throws InterruptedException {
      LockService locks = args[1].equals("OS") ? new OsLocks() : ScriptedLocks.valueOf(args[1]);
      CacheTarget target =
          new CacheTarget(
              Path.of(args[0]), REPO, COMMIT, false, DiskSteps.NONE, locks, ClaimTimes.USUAL);
      Content model = Content.lfs("model.bin", 12 * MIB, 1);
      if (target.openPart(model.file(), MIB, LockWaiter.PATIENT)
          instanceof Opened.Part(PartFile part)) {
        for (int i = 0; i < 3; i++) {
          model.give(part, i);
        }
        System.out.println("holding");
        Thread.sleep(60_000);
      }
    }
  }
}
