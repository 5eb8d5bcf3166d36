package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.FaultRule;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.fetch.FetchLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a sync makes of connections and bodies that break, stall, lie or end early. */
class BrokenWireTest {
  private static final int SIZE = 24 * MIB + 12_345;

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo oneLargeFile() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{}").lfs("model.bin", RepoContent.random(1, SIZE)).commit("first");
    return repo;
  }

  private FaultRule onModel() {
    return stage.hub().faults().on(Where.CDN).path("model.bin");
  }

  private long modelBytesServed() {
    return stage.hub().log().bytesServed(r -> r.where() == Where.CDN);
  }

  /** The file is right and no byte of it was read twice. */
  private SyncResult wholeWithoutRereading(HubRepo repo) throws Exception {
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(repo.totalSize(), result.bytesFetched());
    return result;
  }

  @Test
  void goesOnAtTheSameByteWhenConnectionsAreCut() throws Exception {
    HubRepo repo = oneLargeFile();
    long cutAfter = 700_001;
    FaultRule cuts = onModel().every(2).times(6).then(new Fault.CutAfter(cutAfter));
    wholeWithoutRereading(repo);
    assertTrue(cuts.fired() >= 3, () -> "cuts: " + cuts.fired());
    // What was in flight when the connection broke is lost, and nothing else.
    assertTrue(modelBytesServed() <= SIZE + cuts.fired() * cutAfter);
  }

  @Test
  void goesOnAtTheSameByteWhenAConnectionStalls() throws Exception {
    HubRepo repo = oneLargeFile();
    stage.downloadTimeout(Duration.ofMillis(400));
    FaultRule stalls =
        onModel().times(3).then(new Fault.StallAfter(500_000, Duration.ofMinutes(5)));
    wholeWithoutRereading(repo);
    assertEquals(3, stalls.fired());
    assertTrue(
        stage.events(SyncEvent.Retrying.class).stream()
            .anyMatch(e -> e.what().contains("no data from")),
        stage.events()::toString);
  }

  @ParameterizedTest
  @EnumSource
  void noticesABodyThatEndsEarly(Fault.Framing framing) throws Exception {
    HubRepo repo = oneLargeFile();
    FaultRule early = onModel().times(3).then(new Fault.TruncatedBody(300_000, framing));
    wholeWithoutRereading(repo);
    assertEquals(3, early.fired());
  }

  @Test
  void noticesATruncatedBodyOfASmallFile() throws Exception {
    HubRepo repo = stage.hub().model("org/small");
    repo.git("config.json", "{\"a\": \"" + "x".repeat(5000) + "\"}").commit("first");
    FaultRule early =
        stage.hub().faults().on(Where.RESOLVE_CACHE).times(2).then(Fault.truncated(1000));
    stage.syncsWhole(repo);
    assertEquals(2, early.fired());
  }

  @Test
  void takesAServerThatIgnoresRangesByOneConnection() throws Exception {
    HubRepo repo = oneLargeFile();
    onModel().then(new Fault.IgnoreRange());
    stage.syncsWhole(repo);
    assertTrue(
        stage.events(SyncEvent.Detail.class).stream().anyMatch(e -> e.text().contains("no ranges")),
        "it is told that there are no ranges");
  }

  @Test
  void resumesFromAServerThatIgnoresRanges() throws Exception {
    HubRepo repo = oneLargeFile();
    stage.plant(repo, "model.bin", MIB, 0, 1, 2, 3, 4, 9, 10, 24);
    onModel().then(new Fault.IgnoreRange());
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(7L * MIB + 12_345, result.bytesReused());
  }

  @Test
  void ignoresRangesInOneAnswerOnly() throws Exception {
    HubRepo repo = oneLargeFile();
    FaultRule once = onModel().nth(3).then(new Fault.IgnoreRange());
    stage.syncsWhole(repo);
    assertEquals(1, once.fired());
  }

  @Test
  void readsNoByteTooManyUnderACapOnTheRate() throws Exception {
    HubRepo repo = oneLargeFile();
    stage.limits = new FetchLimits(16, 20L * MIB, 0, Duration.ofSeconds(60));
    SyncResult result = wholeWithoutRereading(repo);
    assertTrue(result.took().toMillis() >= 1000, () -> "took " + result.took());
  }

  @Test
  void fetchesOnlyTheChunksThatAreMissing() throws Exception {
    HubRepo repo = oneLargeFile();
    stage.plant(repo, "model.bin", MIB, 0, 1, 2, 5, 20, 24);
    long held = 5L * MIB + 12_345;
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(repo.totalSize() - held, result.bytesFetched());
    assertEquals(held, result.bytesReused());
    assertEquals(SIZE - held, modelBytesServed());
  }

  @Test
  void goesOnWithAPartThatWasCutIntoLargerChunks() throws Exception {
    HubRepo repo = oneLargeFile();
    stage.plant(repo, "model.bin", 4 * MIB, 0, 2, 6);
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(8L * MIB + 12_345, result.bytesReused());
    assertEquals(repo.totalSize() - result.bytesReused(), result.bytesFetched());
  }

  @Test
  void waitsForASlowFirstByte() throws Exception {
    HubRepo repo = oneLargeFile();
    FaultRule slow = onModel().times(2).then(new Fault.SlowFirstByte(Duration.ofMillis(1500)));
    wholeWithoutRereading(repo);
    assertEquals(2, slow.fired());
    assertEquals(0, stage.events(SyncEvent.Retrying.class).size());
  }

  @Test
  void asksAgainWhenTheFirstByteDoesNotCome() throws Exception {
    HubRepo repo = oneLargeFile();
    stage.downloadTimeout(Duration.ofMillis(400));
    FaultRule never = onModel().times(2).then(new Fault.SlowFirstByte(Duration.ofMinutes(5)));
    wholeWithoutRereading(repo);
    assertEquals(2, never.fired());
  }

  @Test
  void refusesBytesOfAnotherPlaceThanAskedFor() throws Exception {
    HubRepo repo = oneLargeFile();
    FaultRule shifted = onModel().times(2).then(new Fault.WrongContentRange(MIB));
    wholeWithoutRereading(repo);
    assertEquals(2, shifted.fired());
  }

  @Test
  void survivesDroppedAndGarbledAnswersEverywhere() throws Exception {
    HubRepo repo = oneLargeFile();
    stage.hub().faults().on(Where.HUB_API).nth(1).then(new Fault.DropConnection());
    stage.hub().faults().on(Where.HUB_API).nth(3).then(new Fault.Garbage());
    stage.hub().faults().on(Where.RESOLVE).nth(1).then(new Fault.DropConnection());
    stage.hub().faults().on(Where.RESOLVE_CACHE).nth(1).then(new Fault.Garbage());
    onModel().nth(1).then(new Fault.DropConnection());
    onModel().nth(3).then(new Fault.Garbage());
    onModel().nth(5).then(new Fault.CloseQuietly());
    wholeWithoutRereading(repo);
    assertFalse(stage.events(SyncEvent.Retrying.class).isEmpty());
  }

  @Test
  void waitsOutAHubThatIsAwayForAMoment() throws Exception {
    HubRepo repo = oneLargeFile();
    onModel().nth(2).then(new Fault.RefuseConnection(Duration.ofMillis(700)));
    wholeWithoutRereading(repo);
  }
}
