package dev.exodl.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.Fields;
import dev.exodl.model.BlobId;
import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.Origin;
import dev.exodl.plan.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which connections are replaced, as time goes by in steps of 250 ms. */
class PaceWatchTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;
  private static final Origin PEER = new Origin.Peer(new NodeId("1".repeat(32)));
  private static final RepoFile FILE =
      new RepoFile(new RepoPath("file"), MIB, new BlobId.GitSha1("0".repeat(40)));

  private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);
  private final PaceWatch watch = new PaceWatch(16, true, nanos::get);

  /** Bytes a second of each task. */
  private final Map<RunTask, Integer> tasks = new LinkedHashMap<>();

  private final List<RunTask> replaced = new ArrayList<>();
  private long runs;

  private RunTask begin(Origin origin, int bytesPerSecond) {
    MemorySource none = new MemorySource(Map.of());
    Fetcher fetcher =
        new Fetcher(List.of(), Exchange.alone(none), MIB, 1, FetchLimits.DEFAULT, new Silence());
    FetchHost host = (FetchHost) Objects.requireNonNull(Fields.get(fetcher, "host"));
    RunTask task =
        new RunTask(host, FILE, new MemoryWork(FILE, MIB), new Run(runs++, 0, 0, 1), origin);
    tasks.put(task, bytesPerSecond);
    return task;
  }

  private void end(RunTask task) {
    tasks.remove(task);
    watch.forget(task);
  }

  private void pass(double seconds) {
    for (int i = 0; i < 4 * seconds; i++) {
      nanos.addAndGet(250_000_000);
      tasks.forEach(
          (task, rate) ->
              ((AtomicLong) Objects.requireNonNull(Fields.get(task, "received")))
                  .addAndGet(rate / 4));
      watch.tick(tasks.keySet(), tasks.size()).ifPresent(replaced::add);
    }
  }

  @Test
  void ofTwoToTheHubTheOneThatDripsIsReplaced() {
    begin(Origin.HUB, 10 * MIB);
    RunTask drips = begin(Origin.HUB, 20 * KIB);
    pass(4);
    assertEquals(List.of(), replaced, "not at once");
    pass(2);
    assertEquals(List.of(drips), replaced);
    pass(9);
    assertEquals(List.of(drips), replaced, "the new one has time too");
  }

  @Test
  void onALineThatIsThinForAllNothingIsReplaced() {
    List<RunTask> all = List.of(begin(Origin.HUB, 5 * MIB), begin(Origin.HUB, 10 * MIB));
    pass(10);
    all.forEach(task -> tasks.put(task, 2 * KIB));
    tasks.put(all.getFirst(), KIB);
    pass(60);
    assertEquals(List.of(), replaced);
  }

  @Test
  void whatPeersGiveIsNotCompared() {
    for (int i = 0; i < 8; i++) {
      begin(PEER, 100 * MIB);
    }
    begin(PEER, KIB);
    begin(Origin.HUB, 100 * KIB);
    begin(Origin.HUB, 100 * KIB);
    pass(60);
    assertEquals(List.of(), replaced);
  }

  @Test
  void theOnlyOneIsComparedWithThoseBefore() {
    RunTask before = begin(Origin.HUB, 10 * MIB);
    pass(3);
    end(before);
    RunTask drips = begin(Origin.HUB, 20 * KIB);
    pass(7);
    assertEquals(List.of(drips), replaced);
    tasks.put(drips, 10 * MIB);
    pass(60);
    assertEquals(List.of(drips), replaced, "it drips no more");
  }

  /** What is on its way is lost each time: that would be much of a thin line. */
  @Test
  void theOnlyOneIsNotReplacedAgainAndAgainWhereTheLineIsThinner() {
    RunTask before = begin(Origin.HUB, 10 * MIB);
    pass(3);
    end(before);
    begin(Origin.HUB, 300 * KIB);
    pass(600);
    assertEquals(1, replaced.size());
  }

  @Test
  void theFirstOneIsComparedWithNothing() {
    begin(Origin.HUB, KIB);
    pass(60);
    assertEquals(List.of(), replaced);
  }
}
