package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault;
import dev.exodl.emulator.Host;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.RepoFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HubChunkSourceTest {
  private static final int SIZE = 3_000_000;

  private final HubEmulator emulator = HubEmulator.start();
  private final RepoContent content = RepoContent.random(7, SIZE);
  private HubFixture hub = new HubFixture(emulator);

  @BeforeEach
  void fill() {
    HubFixture.repo(emulator)
        .git("config.json", "{\"layers\": 2}")
        .lfs("model.safetensors", content)
        .commit("first");
    hub = new HubFixture(emulator, s -> s.withTimeouts(Duration.ofSeconds(5), HubFixture.SHORT));
  }

  @AfterEach
  void stop() {
    emulator.close();
  }

  private byte[] part(int from, int to) {
    return Arrays.copyOfRange(content.bytes(), from, to);
  }

  @Test
  void readsARangeOfALargeFile() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    assertArrayEquals(part(1000, 2_000_000), HubFixture.read(hub.open(file, 1000, 2_000_000)));
  }

  @Test
  void asksOnceForAGitFileAndFollowsTheHubsOwnRedirect() throws SourceException {
    RepoFile file = hub.file("config.json");
    emulator.log().clear();
    Commit commit = hub.main();
    byte[] bytes =
        HubFixture.read(hub.client.source(HubFixture.REPO, commit).open(file, all(file)));
    assertArrayEquals("{\"layers\": 2}".getBytes(java.nio.charset.StandardCharsets.UTF_8), bytes);
    assertEquals(1, emulator.log().requests(Where.RESOLVE).size());
    assertEquals(1, emulator.log().requests(Where.RESOLVE_CACHE).size());
    assertNull(emulator.log().requests(Where.RESOLVE).getFirst().range());
    assertEquals(0, emulator.log().count(r -> r.isHead()));
  }

  @Test
  void aHubThatWantsQuietAfterItsRedirectIsNotAskedForTheRedirectAgain() throws SourceException {
    assertReadAgain(429);
    assertEquals(1, emulator.log().requests(Where.RESOLVE).size());
    assertEquals(2, emulator.log().requests(Where.RESOLVE_CACHE).size());
  }

  @Test
  void butWhereItLedIsNotTakenForGoodWhenItHasNoAnswer() throws SourceException {
    assertReadAgain(429, 404);
    assertEquals(2, emulator.log().requests(Where.RESOLVE).size());
    assertEquals(3, emulator.log().requests(Where.RESOLVE_CACHE).size());
  }

  /** Behind the redirect these come before the file does. */
  private void assertReadAgain(int... statuses) throws SourceException {
    RepoFile file = hub.file("config.json");
    Commit commit = hub.main();
    emulator.log().clear();
    for (int i = 0; i < statuses.length; i++) {
      emulator.faults().on(Where.RESOLVE_CACHE).nth(i + 1).then(Fault.status(statuses[i]));
    }
    ChunkSource source = hub.client.source(HubFixture.REPO, commit);
    HubFixture.trouble(Trouble.Throttled.class, () -> source.open(file, all(file)));
    byte[] bytes = HubFixture.read(source.open(file, all(file)));
    assertArrayEquals("{\"layers\": 2}".getBytes(java.nio.charset.StandardCharsets.UTF_8), bytes);
  }

  private static ByteRange all(RepoFile file) {
    return new ByteRange(0, file.size());
  }

  @Test
  void findsTheSignedAddressOnceForAllThreads() throws Exception {
    emulator.settings().latency(Duration.ofMillis(50));
    RepoFile file = hub.file("model.safetensors");
    ChunkSource source = hub.client.source(HubFixture.REPO, hub.main());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> reads = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        ByteRange range = new ByteRange(i * 100_000L, (i + 1) * 100_000L);
        reads.add(threads.submit(() -> HubFixture.read(source.open(file, range))));
      }
      for (int i = 0; i < 30; i++) {
        assertArrayEquals(part(i * 100_000, (i + 1) * 100_000), reads.get(i).get());
      }
    }
    assertEquals(1, emulator.log().requests(Where.RESOLVE).size());
    assertEquals(30, emulator.log().requests(Where.CDN).size());
  }

  @Test
  void tellsAllThreadsThatWaitWhenTheAddressIsNotFound() throws Exception {
    emulator.settings().latency(Duration.ofMillis(100));
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.RESOLVE).then(Fault.status(503));
    ChunkSource source = hub.client.source(HubFixture.REPO, hub.main());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> opens = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        opens.add(
            threads.submit(
                () -> HubFixture.trouble(Trouble.Busy.class, () -> source.open(file, all(file)))));
      }
      for (Future<?> open : opens) {
        open.get();
      }
    }
    assertTrue(emulator.log().requests(Where.RESOLVE).size() <= 2);
  }

  @Test
  void neverShowsTheTokenToTheCdn() throws SourceException {
    emulator.token("hf_secret", "me");
    hub = new HubFixture(emulator, s -> s.withToken(Token.in("hf_secret")));
    RepoFile file = hub.file("model.safetensors");
    HubFixture.read(hub.open(file, 0, 1000));
    assertTrue(emulator.log().count(r -> r.host() == Host.HUB) >= 3);
    assertEquals(
        0,
        emulator
            .log()
            .count(r -> r.host() == Host.HUB && !"Bearer hf_secret".equals(r.authorization())));
    assertEquals(1, emulator.log().requests(Where.CDN).size());
    assertEquals(0, emulator.log().count(r -> r.host() != Host.HUB && r.authorization() != null));
    assertFalse(hub.traces.toString().contains("hf_secret"));
    assertFalse(hub.traces.toString().toLowerCase(java.util.Locale.ROOT).contains("signature"));
  }

  @Test
  void neverShowsTheTokenToAForeignHost() throws SourceException {
    emulator.token("hf_secret", "me");
    hub = new HubFixture(emulator, s -> s.withToken(Token.in("hf_secret")));
    for (String path : List.of("config.json", "model.safetensors")) {
      RepoFile file = hub.file(path);
      for (int status : new int[] {301, 302, 303, 307, 308}) {
        emulator.faults().on(Where.RESOLVE).times(1).then(new Fault.RedirectToForeignHost(status));
        HubFixture.read(hub.open(file, 0, file.size()));
      }
    }
    assertTrue(emulator.log().requests(Where.FOREIGN).size() >= 10);
    assertEquals(0, emulator.log().count(r -> r.host() != Host.HUB && r.authorization() != null));
    assertEquals(0, emulator.log().count(r -> r.host() != Host.HUB && r.header("cookie") != null));
  }

  @Test
  void renewsAnExpiredAddressOnceForAllThreads() throws Exception {
    RepoFile file = hub.file("model.safetensors");
    ChunkSource source = hub.client.source(HubFixture.REPO, hub.main());
    HubFixture.read(source.open(file, new ByteRange(0, 10)));
    emulator.settings().latency(Duration.ofMillis(50));
    emulator.faults().on(Where.CDN).nth(1).then(new Fault.ExpireUrls());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> reads = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        ByteRange range = new ByteRange(i * 1000L, (i + 1) * 1000L);
        reads.add(threads.submit(() -> HubFixture.read(source.open(file, range))));
      }
      for (int i = 0; i < 12; i++) {
        assertArrayEquals(part(i * 1000, (i + 1) * 1000), reads.get(i).get());
      }
    }
    assertEquals(2, emulator.log().requests(Where.RESOLVE).size());
  }

  @Test
  void renewsAnAddressBeforeItIsOver() throws Exception {
    emulator.settings().urlValidity(Duration.ofSeconds(2));
    RepoFile file = hub.file("model.safetensors");
    ChunkSource source = hub.client.source(HubFixture.REPO, hub.main());
    HubFixture.read(source.open(file, new ByteRange(0, 10)));
    Thread.sleep(2500);
    HubFixture.read(source.open(file, new ByteRange(10, 20)));
    assertEquals(2, emulator.log().requests(Where.RESOLVE).size());
    assertEquals(0, emulator.log().count(r -> r.status() == 403));
  }

  @Test
  void givesUpOnACdnThatRefusesEveryFreshAddress() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.CDN).then(Fault.status(403));
    Failure.Network failure =
        HubFixture.failure(Failure.Network.class, () -> hub.open(file, 0, 1000));
    assertTrue(
        failure.what().contains("refused model.safetensors under 4 addresses"), failure.what());
    assertEquals(4, emulator.log().requests(Where.RESOLVE).size());
  }

  @Test
  void streamsFromTheBeginningWhenTheServerIgnoresTheRange() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.CDN).then(new Fault.IgnoreRange());
    ChunkStream stream = hub.open(file, 1_000_000, 2_000_000);
    assertEquals(0, stream.offset());
    assertArrayEquals(content.bytes(), HubFixture.read(stream));
  }

  @Test
  void refusesAnotherRangeThanItAskedFor() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    ChunkSource source = hub.client.source(HubFixture.REPO, hub.main());
    emulator.faults().on(Where.CDN).then(new Fault.WrongContentRange(512));
    ByteRange range = new ByteRange(1000, 2000);
    HubFixture.trouble(Trouble.Broken.class, () -> source.open(file, range));
    HubFixture.trouble(Trouble.Broken.class, () -> source.open(file, range));
    Failure.Integrity failure =
        HubFixture.failure(Failure.Integrity.class, () -> source.open(file, range));
    assertTrue(failure.what().contains("another range"), failure.what());
  }

  @Test
  void tellsTruncatedBodiesInEachFraming() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    for (Fault.Framing framing : Fault.Framing.values()) {
      emulator.faults().on(Where.CDN).times(1).then(new Fault.TruncatedBody(500_000, framing));
      Trouble.Broken broken =
          HubFixture.trouble(
              Trouble.Broken.class, () -> HubFixture.read(hub.open(file, 0, 2_000_000)));
      assertFalse(broken.what().isEmpty());
    }
  }

  @Test
  void saysHowManyBytesCameBeforeTheEnd() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.CDN).times(1).then(Fault.truncated(500_000));
    Trouble.Broken broken =
        HubFixture.trouble(
            Trouble.Broken.class, () -> HubFixture.read(hub.open(file, 0, 2_000_000)));
    assertTrue(broken.what().contains("ended after 500000 of 2000000 bytes"), broken.what());
  }

  @Test
  void tellsAResetConnection() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.CDN).times(1).then(new Fault.CutAfter(500_000));
    HubFixture.trouble(Trouble.Broken.class, () -> HubFixture.read(hub.open(file, 0, 2_000_000)));
  }

  @Test
  void tellsAStallAfterItsTimeout() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    emulator
        .faults()
        .on(Where.CDN)
        .times(1)
        .then(new Fault.StallAfter(1000, Duration.ofSeconds(20)));
    Trouble.Broken broken =
        HubFixture.trouble(
            Trouble.Broken.class, () -> HubFixture.read(hub.open(file, 0, 2_000_000)));
    assertTrue(broken.what().startsWith("no data from"), broken.what());
    assertTrue(broken.what().endsWith("for 500 ms"), broken.what());
  }

  @Test
  void tellsASlowFirstByteAfterItsTimeout() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.CDN).times(1).then(new Fault.SlowFirstByte(Duration.ofSeconds(20)));
    HubFixture.trouble(Trouble.Broken.class, () -> hub.open(file, 0, 1000));
  }

  @Test
  void tellsAnAnswerThatIsNotHttp() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.CDN).then(new Fault.Garbage());
    HubFixture.trouble(Trouble.Broken.class, () -> hub.open(file, 0, 1000));
  }

  @Test
  void refusesAFileThatTheHubDescribesOtherwiseThanItsListing() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    for (Map<String, String> headers :
        List.of(
            Map.of("X-Linked-Size", "17"),
            Map.of("X-Linked-ETag", "\"" + "a".repeat(64) + "\""),
            Map.of("X-Repo-Commit", "b".repeat(40)))) {
      emulator.faults().on(Where.RESOLVE).times(1).then(new Fault.OtherHeaders(headers));
      Failure.Integrity failure =
          HubFixture.failure(Failure.Integrity.class, () -> hub.open(file, 0, 1000));
      assertTrue(failure.what().contains("contradicts its listing"), failure.what());
    }
  }

  @Test
  void refusesARangeAnswerForAFileOfAnotherSize() throws SourceException {
    RepoFile real = hub.file("model.safetensors");
    RepoFile longer = new RepoFile(real.path(), real.size(), real.blob());
    emulator
        .faults()
        .on(Where.CDN)
        .then(new Fault.OtherHeaders(Map.of("Content-Range", "bytes 0-999/" + (SIZE + 1))));
    Failure.Integrity failure =
        HubFixture.failure(Failure.Integrity.class, () -> hub.open(longer, 0, 1000));
    assertTrue(failure.what().contains((SIZE + 1) + " bytes"), failure.what());
  }

  @Test
  void tellsALoginPageInsteadOfAFile() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.RESOLVE).then(new Fault.CaptivePortal());
    Failure.Network failure =
        HubFixture.failure(Failure.Network.class, () -> hub.open(file, 0, 1000));
    assertTrue(failure.what().contains("is not the hub, or a proxy is in between"), failure.what());
  }

  @Test
  void passesOnWhatTheCdnWantsToWait() throws SourceException {
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.CDN).times(1).then(Fault.retryAfter(429, 7));
    assertEquals(
        Duration.ofSeconds(7),
        HubFixture.trouble(Trouble.Throttled.class, () -> hub.open(file, 0, 10)).delay());
    emulator.faults().on(Where.CDN).times(1).then(Fault.retryAfter(503, 4));
    assertEquals(
        Duration.ofSeconds(4),
        HubFixture.trouble(Trouble.Busy.class, () -> hub.open(file, 0, 10)).delay());
  }

  @Test
  void anAbortEndsAReadAtOnce() throws Exception {
    hub = new HubFixture(emulator);
    RepoFile file = hub.file("model.safetensors");
    emulator.faults().on(Where.CDN).then(new Fault.StallAfter(1000, Duration.ofSeconds(30)));
    ChunkStream stream = hub.open(file, 0, 2_000_000);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> reading =
          threads.submit(
              () -> {
                HubFixture.trouble(Trouble.Broken.class, () -> HubFixture.read(stream));
                return Thread.currentThread().isInterrupted();
              });
      Thread.sleep(300);
      long began = System.nanoTime();
      stream.abort();
      stream.abort();
      assertFalse(reading.get(), "the interrupt must not outlive the read");
      assertTrue(System.nanoTime() - began < 2_000_000_000L);
    }
  }

  @Test
  void opensAFileOfManyGigabytesAtItsEnd() throws SourceException {
    long huge = 60L << 30;
    HubFixture.repo(emulator)
        .lfs("huge.bin", RepoContent.zeros(huge), "c".repeat(64))
        .commit("huge");
    RepoFile file = hub.file("huge.bin");
    ChunkStream stream = hub.open(file, huge - 1000, huge);
    assertEquals(huge - 1000, stream.offset());
    assertEquals(1000, HubFixture.read(stream).length);
  }

  @Test
  void manySmallFilesUseFewConnections() throws Exception {
    for (int i = 0; i < 5000; i++) {
      HubFixture.repo(emulator).git("data/" + i + ".txt", "text " + i);
    }
    HubFixture.repo(emulator).commit("many");
    Commit commit = hub.main();
    List<ListedFile> files = hub.client.list(HubFixture.REPO, commit);
    ChunkSource source = hub.client.source(HubFixture.REPO, commit);
    emulator.log().clear();
    int before = hub.client.requests();
    try (ExecutorService threads = Executors.newFixedThreadPool(8, Thread.ofVirtual().factory())) {
      List<Future<byte[]>> reads = new ArrayList<>();
      for (ListedFile file : files) {
        if (file.path().startsWith("data/")) {
          RepoFile checked = file.checked();
          reads.add(threads.submit(() -> HubFixture.read(source.open(checked, all(checked)))));
        }
      }
      for (Future<byte[]> read : reads) {
        assertTrue(read.get().length > 5);
      }
    }
    assertEquals(10_000, hub.client.requests() - before);
    assertEquals(5000, emulator.log().requests(Where.RESOLVE).size());
    int opened = emulator.log().connectionsOpened(Host.HUB);
    assertTrue(opened <= 16, opened + " connections");
  }
}
