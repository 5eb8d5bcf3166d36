package dev.exodl.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.exodl.cli.show.Statuses;
import dev.exodl.download.SyncResult;
import dev.exodl.model.Commit;
import dev.exodl.model.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Signals at any moment: either the command tells how it ended, or the signal does. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopperTest {
  private final Harness harness = new Harness();

  /** Exit codes, and what was on stdout when the process ended so. */
  private final List<Integer> ended = new CopyOnWriteArrayList<>();

  private final List<String> said = new CopyOnWriteArrayList<>();

  @BeforeEach
  void asMainDoes() {
    harness.stopper =
        new Stopper(
            code -> Main.stopped(code, true, harness.console),
            code -> {
              said.add(harness.console.stdout());
              ended.add(code);
            });
  }

  /** A signal on a thread of its own, which has done all that it can without the command. */
  private Thread signal() {
    Thread thread =
        Thread.ofPlatform().start(() -> harness.stopper.signalled(ExitCode.INTERRUPTED));
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  /** What was printed when the process ended: one object that says how it ended. */
  private void assertOneObject() throws Exception {
    assertEquals(1, ended.size(), ended.toString());
    assertEquals(1, said.getFirst().lines().count(), said.getFirst());
    JsonNode object = new ObjectMapper().readTree(said.getFirst());
    assertEquals(ended.getFirst(), object.get("exitCode").asInt(), said.getFirst());
  }

  private static void forever() {
    assertDoesNotThrow(() -> new CountDownLatch(1).await());
  }

  private SyncResult result(Harness.FakeSync sync) {
    Path path = Path.of("/hub/snapshots/0123456789abcdef0123456789abcdef01234567");
    return new SyncResult(
        sync.request().repo(),
        sync.request().revision(),
        new Commit("0123456789abcdef0123456789abcdef01234567"),
        path,
        List.of(),
        List.of(),
        0,
        0,
        0,
        1,
        false,
        false,
        Duration.ZERO,
        List.of(),
        Optional.empty());
  }

  @Test
  void aNodeThatIsSlowToStopStillTells() throws Exception {
    harness.stoppingServe = StopperTest::forever;
    harness.whileServing = () -> harness.stopper.signalled(ExitCode.TERMINATED);
    harness.run("serve", "--json", "-q");
    assertOneObject();
    assertEquals(0, ended.getFirst());
  }

  @Test
  void whoLooksTellsThatItWasInterrupted() throws Exception {
    harness.statuses = List.of(Statuses.three(0));
    harness.stoppingLook = StopperTest::forever;
    harness.looking = () -> harness.stopper.signalled(ExitCode.INTERRUPTED);
    harness.run("status", "--json");
    assertOneObject();
    assertEquals(130, ended.getFirst());
  }

  @Test
  void whoLookedAndLeavesHasToldAll() throws Exception {
    harness.statuses = List.of(Statuses.three(0));
    harness.leaving = () -> harness.stopper.signalled(ExitCode.INTERRUPTED);
    harness.run("status", "--json");
    assertOneObject();
    assertEquals(0, ended.getFirst());
    assertEquals("", harness.console.stderr());
  }

  /** All is here, and the program was about to say so, and then to serve others. */
  @Test
  void aSignalBetweenTheWorkAndTheServingEndsTheServing() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    harness.stoppingSync = stopped::countDown;
    harness.afterSync = () -> assertDoesNotThrow(() -> stopped.await());
    harness.sync =
        s -> {
          harness.console.beforeOut =
              () -> {
                harness.console.beforeOut = () -> {};
                signal();
              };
          return result(s);
        };
    harness.run("sync", "org/name", "--cluster", "--json", "-q");
    assertOneObject();
    assertEquals(0, ended.getFirst());
  }

  @Test
  void aSignalWhileAFailureIsToldAddsNothing() {
    List<Thread> signals = new CopyOnWriteArrayList<>();
    harness.sync =
        s -> {
          harness.console.beforeOut =
              () -> {
                harness.console.beforeOut = () -> {};
                signals.add(signal());
              };
          throw new IllegalStateException("a bug");
        };
    assertEquals(1, harness.run("sync", "org/name", "--json", "-q"));
    assertEquals(1, signals.size());
    // The process ends with the command's own code; the signal's thread still waits for that.
    assertEquals(List.of(), ended);
    assertEquals(1, harness.console.stdout().lines().count(), harness.console.stdout());
  }

  @Test
  void aCommandThatDoesNotGetDoneWithTellingIsEnded() throws Exception {
    harness.stopper.answering();
    signal().join();
    assertEquals(List.of(130), ended);
    assertEquals("", harness.console.stdout());
  }

  @Test
  void whatASignalHasStoppedDoesNotGoOn() throws Exception {
    CountDownLatch stopping = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    Stopper.Running running =
        harness.stopper.running(
            code -> {
              stopping.countDown();
              assertDoesNotThrow(() -> told.await());
            });
    Thread signal = signal();
    stopping.await();
    Thread command = Thread.ofPlatform().start(running::close);
    while (command.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(command.isAlive(), "it waits for the end");
      Thread.onSpinWait();
    }
    told.countDown();
    signal.join();
    command.join();
    assertEquals(List.of(130), ended);
  }
}
