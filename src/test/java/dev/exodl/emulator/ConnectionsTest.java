package dev.exodl.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

  /**
   * Reads off whole bodies of the file at the URL, over one connection; gives the seconds it took.
   */
  private static double seconds(String url, long size, int times) throws Exception {
    try (var socket = Asker.connect(url)) {
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) {
        Asker.send(socket, url);
        skipAnswer(socket, size);
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private static void skipAnswer(Socket socket, long size) throws Exception {
    var in = socket.getInputStream();
    for (int ends = 0; ends < 4; ) {
      int b = in.read();
      assertTrue(b >= 0, "closed in the head");
      ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
    }
    var buffer = new byte[256 << 10];
    for (long left = size; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      assertTrue(n > 0, "closed in the body");
      left -= n;
    }
  }

  private static String signed(HubEmulator hub, RepoContent content) throws Exception {
    hub.model("org/m").lfs("f.bin", content, "00".repeat(32)).commit("c");
    try (var asker = new Asker(hub)) {
      return asker.signed("/org/m/resolve/main/f.bin");
    }
  }

  @Test
  void oneConnectionServesManyRequests() throws Exception {
    try (var hub = HubEmulator.start()) {
      var url = signed(hub, RepoContent.random(1, 70_000));
      seconds(url, 70_000, 5);
      assertEquals(1, hub.log().connectionsOpened(Host.CDN));
      assertEquals(
          1,
          hub.log().requests(Where.CDN).stream().map(LoggedRequest::connection).distinct().count());
      assertEquals(350_000, hub.log().bytesServed(Host.CDN));
    }
  }

  @Test
  void idleConnectionsAreClosedByTheServer() throws Exception {
    try (var hub = HubEmulator.start()) {
      hub.settings().idleTimeout(Duration.ofMillis(100));
      try (var socket = Asker.connect(hub.url())) {
        assertEquals(-1, socket.getInputStream().read());
      }
    }
  }

  @Test
  void ratesAreCappedPerConnectionAndInAll() throws Exception {
    try (var hub = HubEmulator.start()) {
      var url = signed(hub, RepoContent.zeros(2_000_000));
      hub.settings().perConnectionRate(4_000_000);
      double alone = seconds(url, 2_000_000, 1);
      assertTrue(alone > 0.45 && alone < 2, alone + " s");
      assertTrue(inParallel(url, 3) < 1.4, "each has its own cap");
      hub.settings().perConnectionRate(0).totalRate(8_000_000);
      double together = inParallel(url, 3);
      assertTrue(together > 0.7 && together < 2.5, together + " s");
      assertTrue(hub.log().mostOpenConnections(Host.CDN) >= 3);
      assertTrue(hub.log().mostActiveRequests(Host.CDN) >= 3);
    }
  }

  private static double inParallel(String url, int connections) throws Exception {
    long start = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<Double>>();
      for (int i = 0; i < connections; i++) {
        tasks.add(() -> seconds(url, 2_000_000, 1));
      }
      for (var done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  @Test
  void latencyIsAddedToEachRequest() throws Exception {
    try (var hub = HubEmulator.start()) {
      var url = signed(hub, RepoContent.zeros(10));
      hub.settings().latency(Duration.ofMillis(100));
      double three = seconds(url, 10, 3);
      assertTrue(three >= 0.3 && three < 1.5, three + " s");
    }
  }

  @Test
  void httpsWorksWithItsTruststore() throws Exception {
    try (var hub = HubEmulator.start(EmulatorOptions.tls());
        var asker = new Asker(hub)) {
      hub.model("org/m").lfs("f.bin", RepoContent.random(3, 500_000)).commit("c");
      var url = asker.signed("/org/m/resolve/main/f.bin");
      assertTrue(url.startsWith("https://127.0.0.1:"));
      assertEquals(500_000, asker.get(url).body().length);
      var certificate = hub.certificate();
      assertNotNull(certificate);
      assertTrue(Files.size(certificate.trustStore()) > 100);
      assertTrue(Files.readString(certificate.pem()).startsWith("-----BEGIN CERTIFICATE-----"));
    }
  }

  @Test
  void bytesServedToAClientThatDiesAreCloseToWhatItRead() throws Exception {
    try (var hub = HubEmulator.start(EmulatorOptions.plain().withSendBuffer(64 << 10))) {
      var url = signed(hub, RepoContent.zeros(1L << 30));
      try (var socket = new Socket()) {
        socket.setReceiveBufferSize(64 << 10);
        socket.connect(
            new java.net.InetSocketAddress("127.0.0.1", java.net.URI.create(url).getPort()));
        Asker.send(socket, url);
        socket.getInputStream().readNBytes(1 << 20);
        Thread.sleep(200);
      }
      Thread.sleep(200);
      long served = hub.log().bytesServed(Host.CDN);
      assertTrue(served >= (1 << 20) - 2000 && served < 3 << 20, served + " bytes");
      assertTrue(hub.log().requests(Where.CDN).getFirst().isEnded());
    }
  }

  @Test
  void aConnectionIsFastEnoughForLargeTests() throws Exception {
    try (var hub = HubEmulator.start()) {
      long size = 256L << 20;
      for (var content :
          new RepoContent[] {RepoContent.random(1, size), RepoContent.joined(memory(), memory())}) {
        var url = signed(hub, content);
        seconds(url, content.size(), 1);
        double rate = content.size() * 2 / seconds(url, content.size(), 2) / 1e6;
        System.out.printf(
            "emulator: %.0f MB/s on one connection (%s)%n",
            rate, content.getClass().getSimpleName());
        // Twice as much or more on an idle machine; the bound leaves room for busy ones.
        assertTrue(rate > 250, rate + " MB/s");
      }
    }
  }

  private static RepoContent memory() {
    return RepoContent.of(new byte[64 << 20]);
  }

  @Test
  void manyConnectionsWithRangesGetTheRightBytes() throws Exception {
    for (var options : new EmulatorOptions[] {EmulatorOptions.plain(), EmulatorOptions.tls()}) {
      try (var hub = HubEmulator.start(options);
          var asker = new Asker(hub)) {
        var content = RepoContent.random(9, 32 << 20);
        var url = signed(hub, content);
        var expected = content.bytes();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
          var tasks = new ArrayList<Callable<Boolean>>();
          for (int i = 0; i < 32; i++) {
            int from = i << 20;
            tasks.add(
                () -> {
                  var part =
                      asker
                          .get(url, "Range", "bytes=" + from + "-" + (from + (1 << 20) - 1))
                          .body();
                  return java.util.Arrays.equals(
                      part, 0, 1 << 20, expected, from, from + (1 << 20));
                });
          }
          for (var done : threads.invokeAll(tasks)) {
            assertTrue(done.get());
          }
        }
        assertEquals(32 << 20, hub.log().fileBytesServed());
      }
    }
  }

  @Test
  void itRunsAsAProcessOfItsOwn() throws Exception {
    var command =
        java.util.List.of(
            java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            HubEmulatorMain.class.getName(),
            "--model-size",
            "1M",
            "--files",
            "2",
            "--rate",
            "100M");
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var said = process.inputReader()) {
      var first = said.readLine();
      assertTrue(first.startsWith("HF_ENDPOINT=http://127.0.0.1:"), first);
      assertTrue(said.readLine().startsWith("repo=exo/demo commit="));
      try (var socket = Asker.connect(first.substring("HF_ENDPOINT=".length()))) {
        Asker.send(socket, "http://x/exo/demo/raw/main/README.md", "Connection: close");
        assertTrue(
            new String(socket.getInputStream().readAllBytes()).contains("# A generated model"));
      }
      process.toHandle().destroy(); // the process's own destroy() would close the stream too
      assertTrue(said.readLine().startsWith("requests=1 bytes="));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void behindAMirrorAllPathsOfTheHubHaveItsPrefix() throws Exception {
    try (var hub = HubEmulator.start(EmulatorOptions.plain().withBasePath("/hf"));
        var asker = new Asker(hub)) {
      Fixtures.manySmallFiles(hub.model("org/m"), 1500, false);
      assertTrue(hub.url().endsWith("/hf"));
      var page = asker.get("/api/models/org/m/tree/main?recursive=true");
      assertTrue(
          Asker.header(page, "Link").startsWith("<" + hub.url() + "/api/models/org/m/tree/main?"));
      var file = asker.get("/org/m/resolve/main/file-00000.json");
      assertTrue(Asker.header(file, "Location").startsWith("/hf/api/resolve-cache/"));
      assertEquals(404, asker.get(hub.url().replace("/hf", "") + "/api/models/org/m").statusCode());
    }
  }

  @Test
  void theLogCanBeWaitedFor() throws Exception {
    try (var hub = HubEmulator.start()) {
      var url = signed(hub, RepoContent.zeros(1 << 20));
      hub.settings().perConnectionRate(4 << 20);
      try (var socket = Asker.connect(url)) {
        Asker.send(socket, url);
        assertTrue(hub.log().awaitFileBytes(200_000, Duration.ofSeconds(5)));
        assertTrue(hub.log().fileBytesServed() < 1 << 20);
        assertTrue(!hub.log().awaitFileBytes(2 << 20, Duration.ofMillis(50)));
      }
    }
  }
}
