package dev.exodl.download;

import static dev.exodl.download.SyncStage.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.FaultRule;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LoggedRequest;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.model.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a sync makes of a hub and a CDN that are busy, ill, or let signed addresses expire. */
class HubTroubleTest {
  private static final int SIZE = 24 * MIB;

  @RegisterExtension final SyncStage stage = new SyncStage();

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{}").lfs("model.bin", RepoContent.random(1, SIZE)).commit("first");
    return repo;
  }

  private long resolved(String file) {
    return stage.hub().log().count(r -> r.where() == Where.RESOLVE && file.equals(r.file()));
  }

  @Test
  void findsANewAddressWhenTheSignedOneExpiresInMidFile() throws Exception {
    HubRepo repo = model();
    FaultRule expiry = stage.hub().faults().on(Where.CDN).nth(3).then(new Fault.ExpireUrls());
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(1, expiry.fired());
    assertEquals(repo.totalSize(), result.bytesFetched());
    assertEquals(2, resolved("model.bin"), "the address was found once more, for all connections");
  }

  @Test
  void resolvesAFileOnceForAllItsRanges() throws Exception {
    HubRepo repo = model();
    stage.syncsWhole(repo);
    assertEquals(1, resolved("model.bin"));
    assertTrue(stage.hub().log().requests(Where.CDN).size() > 1);
  }

  @Test
  void givesUpOnACdnThatRefusesEveryAddress() throws Exception {
    HubRepo repo = model();
    stage.hub().faults().on(Where.CDN).then(Fault.status(403));
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.Network.class, failure);
    assertTrue(
        failure.what().contains("refused model.bin under 4 addresses that the hub just signed"),
        failure::line);
    assertEquals(
        List.of(),
        SyncStage.tree(stage.inCache(repo).resolve("refs")).keySet().stream()
            .filter(p -> !p.isEmpty())
            .toList());
  }

  private void waitsAsTold(Fault fault, long atLeastMillis, long atMostMillis) throws Exception {
    HubRepo repo = model();
    FaultRule busy = stage.hub().faults().on(Where.RESOLVE, Where.CDN).nth(2).then(fault);
    stage.syncsWhole(repo);
    assertEquals(1, busy.fired());
    long told = stage.events(SyncEvent.Throttled.class).getFirst().delay().toMillis();
    assertTrue(told >= atLeastMillis && told <= atMostMillis, () -> "waited " + told + " ms");
  }

  @Test
  void waitsAsLongAsRateLimitSays() throws Exception {
    waitsAsTold(Fault.rateLimited(1), 1000, 3000);
  }

  @Test
  void waitsAsLongAsRetryAfterSaysInSeconds() throws Exception {
    waitsAsTold(Fault.retryAfter(429, 2), 2000, 4000);
  }

  @Test
  void waitsUntilTheDateThatRetryAfterGives() throws Exception {
    waitsAsTold(Fault.retryAtDate(429, Duration.ofSeconds(2)), 500, 4000);
  }

  @Test
  void asksNothingWhileTheHubWantsQuiet() throws Exception {
    HubRepo repo = stage.hub().model("org/many");
    for (int i = 0; i < 60; i++) {
      repo.git("file-" + i + ".json", "{\"number\": " + i + "}");
    }
    repo.commit("first");
    // One of about 120 requests is refused.
    FaultRule quiet =
        stage
            .hub()
            .faults()
            .on(Where.RESOLVE, Where.RESOLVE_CACHE)
            .nth(30)
            .then(Fault.rateLimited(2));
    stage.syncsWhole(repo);
    assertEquals(1, quiet.fired());
    List<LoggedRequest> all = stage.hub().log().all();
    Instant refused = all.stream().filter(r -> r.status() == 429).findFirst().orElseThrow().at();
    long during =
        all.stream()
            .filter(r -> r.at().isAfter(refused) && r.at().isBefore(refused.plusSeconds(2)))
            .count();
    assertTrue(during <= 16, () -> during + " requests were made, more than were on their way");
  }

  @Test
  void ridesOutBurstsOf503() throws Exception {
    HubRepo repo = model();
    FaultRule api = stage.hub().faults().on(Where.HUB_API).times(2).then(Fault.status(503));
    FaultRule resolve = stage.hub().faults().on(Where.RESOLVE).times(2).then(Fault.status(502));
    FaultRule cdn =
        stage.hub().faults().on(Where.CDN).every(2).times(3).then(Fault.retryAfter(503, 1));
    SyncResult result = stage.syncsWhole(repo);
    assertEquals(2, api.fired());
    assertEquals(2, resolve.fired());
    assertTrue(cdn.fired() >= 1);
    assertEquals(repo.totalSize(), result.bytesFetched());
  }

  @Test
  void endsWithANetworkFailureWhenTroubleStays_andGoesOnLater() throws Exception {
    HubRepo repo = model();
    stage.limits = new FetchLimits(16, 0, 0, Duration.ofSeconds(1));
    FaultRule ill =
        stage.hub().faults().on(Where.CDN).covering(SIZE - MIB, SIZE).then(new Fault.CutAfter(0));
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.Network.class, failure);
    assertEquals("model.bin", failure.where());
    assertEquals("run the same command again to go on: what is here is kept", failure.next());
    ill.remove();
    stage.hub().log().clear();
    SyncResult result = stage.syncsWhole(repo);
    assertTrue(result.bytesReused() >= MIB, () -> "reused " + result.bytesReused());
    assertEquals(repo.totalSize(), result.bytesReused() + result.bytesFetched());
  }

  @Test
  void tellsACaptivePortalFromTheHub() throws Exception {
    HubRepo repo = model();
    stage.hub().faults().on(Where.HUB_API).then(new Fault.CaptivePortal());
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.Network.class, failure);
    assertTrue(failure.what().contains("is not the hub, or a proxy is in between"), failure::line);
    assertTrue(failure.next().contains("log-in in a browser"), failure::line);
  }

  @Test
  void takesNoWebPageForAFileOfTheHub() throws Exception {
    HubRepo repo = model();
    stage.hub().faults().on(Where.RESOLVE_CACHE).nth(1).then(new Fault.CaptivePortal());
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.Network.class, failure);
    assertTrue(failure.what().contains("is not the hub, or a proxy is in between"), failure::line);
    stage.syncsWhole(repo);
  }

  @Test
  void takesNoWebPageForAFileOfTheCdn() throws Exception {
    HubRepo repo = model();
    stage.hub().faults().on(Where.CDN).nth(2).then(new Fault.CaptivePortal());
    Failure failure = stage.fails(repo);
    assertInstanceOf(Failure.Network.class, failure);
    stage.syncsWhole(repo);
  }
}
