package dev.exodl.emulator;

import static dev.exodl.emulator.Asker.header;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault.Framing;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Faults that show in what is answered; those of the connection are in {@link DeliveryFaultsTest}.
 */
class FaultsTest {

  private static final String WEIGHTS = "/org/tiny/resolve/main/model.safetensors";
  private static final String INFO = "/api/models/org/tiny";

  private final HubEmulator hub = HubEmulator.start();
  private final Asker asker = new Asker(hub);
  private final HubRepo repo = hub.model("org/tiny");
  private final byte[] weights = RepoContent.random(7, 300_000).bytes();
  private String url = "";

  @BeforeEach
  void fill() throws Exception {
    repo.git("config.json", "{}").lfs("model.safetensors", RepoContent.of(weights)).commit("first");
    url = asker.signed(WEIGHTS);
  }

  @AfterEach
  void close() {
    asker.close();
    hub.close();
  }

  @Test
  void wrongBytesHitOnlyRequestsThatTouchThem() throws Exception {
    var rule =
        hub.faults()
            .on(Where.CDN)
            .path("model.safetensors")
            .times(1)
            .then(new Fault.WrongBytes(100_000, 3));
    assertEquals(300_000, asker.get(url, "Range", "bytes=0-").body().length);
    assertEquals(1, rule.fired());
    rule.remove();
    hub.faults().on(Where.CDN).then(new Fault.WrongBytes(100_000, 3));
    assertArrayEquals(
        Arrays.copyOf(weights, 100_000), asker.get(url, "Range", "bytes=0-99999").body());
    var bad = asker.get(url, "Range", "bytes=99999-100003").body();
    assertArrayEquals(
        new byte[] {
          weights[99_999],
          (byte) ~weights[100_000],
          (byte) ~weights[100_001],
          (byte) ~weights[100_002],
          weights[100_003]
        },
        bad);
  }

  @Test
  void rangesCanBeIgnored() throws Exception {
    hub.faults().on(Where.CDN).then(new Fault.IgnoreRange());
    var answer = asker.get(url, "Range", "bytes=5-9");
    assertEquals(200, answer.statusCode());
    assertArrayEquals(weights, answer.body());
  }

  @Test
  void contentRangeCanBeOffTogetherWithItsBytes() throws Exception {
    hub.faults().on(Where.CDN).nth(1).then(new Fault.WrongContentRange(100));
    var answer = asker.get(url, "Range", "bytes=5-9");
    assertEquals("bytes 105-109/300000", header(answer, "Content-Range"));
    assertArrayEquals(Arrays.copyOfRange(weights, 105, 110), answer.body());
    assertEquals("bytes 5-9/300000", header(asker.get(url, "Range", "bytes=5-9"), "Content-Range"));
  }

  @Test
  void expiredUrlsAreDeniedAndNewOnesWork() throws Exception {
    hub.faults().on(Where.CDN).nth(2).then(new Fault.ExpireUrls());
    assertEquals(200, asker.get(url).statusCode());
    for (int i = 0; i < 2; i++) {
      var denied = asker.get(url);
      assertEquals(403, denied.statusCode());
      assertTrue(new String(denied.body()).contains("<Code>AccessDenied</Code>"));
    }
    assertEquals(200, asker.get(asker.signed(WEIGHTS)).statusCode());
    assertEquals(403, asker.get(url).statusCode());
    assertEquals(
        403, asker.get(hub.url(Host.CDN) + "/repos/org/tiny/x?Signature=forged").statusCode());
  }

  @Test
  void urlsExpireWithTheirTime() throws Exception {
    hub.settings().urlValidity(Duration.ofMillis(200));
    var brief = asker.signed(WEIGHTS);
    assertEquals(200, asker.get(brief).statusCode());
    Thread.sleep(250);
    assertEquals(403, asker.get(brief).statusCode());
  }

  @Test
  void statusesComeWithEachKindOfHint() throws Exception {
    var faults = hub.faults();
    faults.on(Where.HUB_API).nth(1).then(Fault.rateLimited(7));
    faults.on(Where.HUB_API).nth(2).then(Fault.retryAfter(429, 9));
    faults.on(Where.HUB_API).nth(3).then(Fault.retryAtDate(503, Duration.ofSeconds(30)));
    faults.on(Where.HUB_API).skip(3).times(2).then(Fault.status(502));
    var limited = asker.get(INFO);
    assertEquals(429, limited.statusCode());
    assertEquals("\"api\";r=0;t=7", header(limited, "RateLimit"));
    assertEquals("9", header(asker.get(INFO), "Retry-After"));
    var dated = asker.get(INFO);
    assertEquals(503, dated.statusCode());
    var date =
        ZonedDateTime.parse(header(dated, "Retry-After"), DateTimeFormatter.RFC_1123_DATE_TIME);
    var left = Duration.between(ZonedDateTime.now(), date).toMillis();
    assertTrue(left > 25_000 && left < 32_000, left + " ms");
    assertEquals(502, asker.get(INFO).statusCode());
    assertEquals(502, asker.get(INFO).statusCode());
    assertEquals(200, asker.get(INFO).statusCode());
  }

  @Test
  void rulesChooseByPathMethodRangeAndCount() throws Exception {
    var faults = hub.faults();
    var byRange = faults.on(Where.CDN).covering(1000, 2000).then(Fault.status(500));
    assertEquals(206, asker.get(url, "Range", "bytes=0-999").statusCode());
    assertEquals(500, asker.get(url, "Range", "bytes=0-1000").statusCode());
    assertEquals(500, asker.get(url).statusCode());
    assertEquals(2, byRange.fired());
    faults.clear();
    faults
        .on(Where.RESOLVE)
        .method("HEAD")
        .path(p -> p.endsWith(".json"))
        .every(2)
        .then(Fault.status(504));
    assertEquals(504, asker.head("/org/tiny/resolve/main/config.json").statusCode());
    assertEquals(307, asker.head("/org/tiny/resolve/main/config.json").statusCode());
    assertEquals(504, asker.head("/org/tiny/resolve/main/config.json").statusCode());
    assertEquals(307, asker.get("/org/tiny/resolve/main/config.json").statusCode());
    assertEquals(302, asker.head(WEIGHTS).statusCode());
  }

  @Test
  void aRevisionMovesInMidRun() throws Exception {
    var first = repo.head().sha();
    var second = repo.git("config.json", "{\"new\": 1}").commitAside("second");
    hub.faults().on(Where.HUB_API).nth(1).then(new Fault.MoveRevision("main", second));
    assertTrue(asker.text(INFO).contains(first));
    assertEquals(second, header(asker.head(WEIGHTS), "X-Repo-Commit"));
    assertEquals(first, header(asker.head(WEIGHTS.replace("main", first)), "X-Repo-Commit"));
  }

  @Test
  void theNextLinkCanNameTheForeignHost() throws Exception {
    hub.settings().pageSize(1, 1);
    hub.faults()
        .on(Where.HUB_API)
        .path(p -> p.contains("/tree/"))
        .then(new Fault.LinkNextForeignHost());
    var link = header(asker.get(INFO + "/tree/main"), "Link");
    assertTrue(
        link.startsWith("<" + hub.url(Host.FOREIGN) + "/api/models/org/tiny/tree/main?"), link);
    var next = link.substring(1, link.indexOf('>'));
    assertEquals(200, asker.get(next, "Authorization", "Bearer hf_leak").statusCode());
    assertEquals("Bearer hf_leak", hub.log().requests(Where.FOREIGN).getFirst().authorization());
  }

  @Test
  void redirectsToTheForeignHostLeadToTheSameContent() throws Exception {
    hub.faults()
        .on(Where.RESOLVE, Where.CDN, Where.HUB_API)
        .then(new Fault.RedirectToForeignHost(307));
    for (var from : new String[] {WEIGHTS, url, "/org/tiny/resolve/main/config.json", INFO}) {
      var answer = asker.get(from);
      assertEquals(307, answer.statusCode());
      assertTrue(header(answer, "Location").startsWith(hub.url(Host.FOREIGN)));
      assertEquals(200, asker.get(header(answer, "Location")).statusCode());
    }
    var toFile = asker.head(WEIGHTS);
    assertEquals("300000", header(toFile, "X-Linked-Size"));
    assertEquals(repo.head().sha(), header(toFile, "X-Repo-Commit"));
    assertEquals("model.safetensors", hub.log().requests(Where.FOREIGN).getFirst().file());
  }

  @Test
  void aCaptivePortalAnswersWithAPage() throws Exception {
    hub.faults().on().then(new Fault.CaptivePortal());
    var answer = asker.get(INFO);
    assertEquals(200, answer.statusCode());
    assertTrue(header(answer, "Content-Type").startsWith("text/html"));
  }

  @Test
  void headersCanBeMissingOrOther() throws Exception {
    hub.faults()
        .on(Where.RESOLVE)
        .then(
            new Fault.MissingHeaders(Set.of("x-repo-commit")),
            new Fault.OtherHeaders(Map.of("X-Linked-Size", "-1")));
    var answer = asker.head(WEIGHTS);
    assertTrue(answer.headers().firstValue("X-Repo-Commit").isEmpty());
    assertEquals("-1", header(answer, "X-Linked-Size"));
  }

  @Test
  void aChunkedBodyMayEndEarlyAndLookWhole() throws Exception {
    hub.faults().on(Where.CDN).then(new Fault.TruncatedBody(1000, Framing.CHUNKED_CLOSED));
    var answer = asker.get(url);
    assertEquals(1000, answer.body().length);
    assertTrue(answer.headers().firstValue("Content-Length").isEmpty());
    assertEquals(1000, hub.log().bytesServed(Host.CDN));
  }
}
