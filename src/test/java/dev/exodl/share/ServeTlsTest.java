package dev.exodl.share;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.ClusterKey;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chunks by TLS: only between those who have the key, and nothing in the clear. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServeTlsTest {
  private static final byte[] CONTENT = Shelves.content(3_000_000);
  private static final ByteRange ALL = new ByteRange(0, CONTENT.length);

  @TempDir Path folder;
  private final Shelves.Told told = new Shelves.Told();
  private ClusterKey key;
  private ClusterKey other;

  @BeforeEach
  void keys() {
    key = key("key");
    other = key("other");
  }

  private ClusterKey key(String name) {
    ClusterKey.generate(folder.resolve(name));
    return ClusterKey.load(folder.resolve(name));
  }

  private static TlsIdentity identity(ClusterKey of) {
    return new TlsIdentity(of.shown(), of.accepted());
  }

  private static ServeSettings settings(
      long rate, byte @Nullable [] secret, @Nullable TlsIdentity tls) {
    return new ServeSettings(InetAddress.getLoopbackAddress(), 0, rate, 100, 100, secret, tls);
  }

  private ChunkServer serve(ServeSettings settings) {
    return ChunkServer.start(settings, Shelves.of(Shelves.write(folder, CONTENT)), told);
  }

  private ChunkServer serve() {
    return serve(settings(0, Shelves.SECRET, identity(key)));
  }

  private static PeerSource source(int port, byte @Nullable [] secret, @Nullable TlsIdentity tls) {
    return new PeerSource("127.0.0.1", port, secret, tls);
  }

  private static String broken(PeerSource source) {
    SourceException e =
        assertThrows(
            SourceException.class, () -> Shelves.read(source, Shelves.file(CONTENT.length), ALL));
    return assertInstanceOf(Trouble.Broken.class, e.trouble()).what();
  }

  @Test
  void whoHasTheKeyIsServed() throws SourceException {
    try (ChunkServer server = serve()) {
      PeerSource source = source(server.port(), Shelves.SECRET, identity(key));
      for (int[] r : new int[][] {{0, 1}, {0, 3_000_000}, {2_999_999, 3_000_000}, {99, 262_244}}) {
        byte[] got = Shelves.read(source, Shelves.file(CONTENT.length), new ByteRange(r[0], r[1]));
        assertArrayEquals(Wire.part(CONTENT, r[0], r[1]), got);
      }
      Shelves.awaitServed(server, 1 + 3_000_000 + 1 + 262_145);
    }
    assertEquals(List.of(), told.refused);
  }

  @Test
  void manyAtOnceAreServed() throws Exception {
    try (ChunkServer server = serve();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> all = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        PeerSource source = source(server.port(), Shelves.SECRET, identity(key));
        ByteRange range = new ByteRange(i * 1000L, i * 1000L + 500_000);
        all.add(threads.submit(() -> Shelves.read(source, Shelves.file(CONTENT.length), range)));
      }
      for (int i = 0; i < 60; i++) {
        assertArrayEquals(Wire.part(CONTENT, i * 1000, i * 1000 + 500_000), all.get(i).get());
      }
    }
    assertEquals(List.of(), told.refused);
  }

  @Test
  void theSignatureIsAskedForByTlsToo() {
    try (ChunkServer server = serve()) {
      PeerSource source = source(server.port(), null, identity(key));
      SourceException e =
          assertThrows(
              SourceException.class, () -> Shelves.read(source, Shelves.file(CONTENT.length), ALL));
      assertInstanceOf(Trouble.Refused.class, e.trouble());
      assertEquals(0, server.served());
    }
  }

  @Test
  void whoHasAnotherKeyGetsNothingAndIsToldOnce() throws Exception {
    try (ChunkServer server = serve(settings(0, null, identity(key)))) {
      // Accepts whatever the server shows, and shows another certificate.
      TlsIdentity careless = new TlsIdentity(other.shown(), new AcceptsAll());
      for (int i = 0; i < 3; i++) {
        broken(source(server.port(), null, careless));
      }
      awaitRefused();
      assertEquals(0, server.served());
    }
    assertEquals(List.of("it does not show this cluster's key by TLS"), told.refused);
  }

  @Test
  void whoShowsNoCertificateGetsNothing() throws Exception {
    try (ChunkServer server = serve(settings(0, null, identity(key)))) {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(new KeyManager[0], new TrustManager[] {new AcceptsAll()}, null);
      try (Socket socket = context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
        socket.getOutputStream().write(Wire.get("bytes=0-99").getBytes(StandardCharsets.US_ASCII));
        assertThrows(IOException.class, () -> socket.getInputStream().read());
      }
      awaitRefused();
      assertEquals(0, server.served());
    }
  }

  @Test
  void olderTlsIsNotSpoken() throws Exception {
    try (ChunkServer server = serve(settings(0, null, identity(key)))) {
      try (SSLSocket socket =
          (SSLSocket) identity(key).client().createSocket("127.0.0.1", server.port())) {
        socket.startHandshake();
        SSLSession session = socket.getSession();
        assertEquals(
            "TLSv1.3 TLS_AES_128_GCM_SHA256",
            session.getProtocol() + " " + session.getCipherSuite());
      }
      try (SSLSocket socket =
          (SSLSocket) identity(key).client().createSocket("127.0.0.1", server.port())) {
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        assertThrows(IOException.class, socket::startHandshake);
      }
    }
  }

  @Test
  void aServerWithAnotherKeyIsNotBelieved() {
    TlsIdentity impostor = new TlsIdentity(other.shown(), new AcceptsAll());
    try (ChunkServer server = serve(settings(0, null, impostor))) {
      String what = broken(source(server.port(), null, identity(key)));
      assertTrue(what.contains("failed at TLS: "), what);
      assertTrue(what.contains("another cluster key"), what);
      assertEquals(0, server.served());
    }
  }

  @Test
  void plainAndTlsDoNotMix() throws Exception {
    try (ChunkServer server = serve(settings(0, null, identity(key)));
        ChunkServer plain = serve(settings(0, null, null))) {
      broken(source(plain.port(), null, identity(key)));
      broken(source(server.port(), null, null));
      try (Wire wire = new Wire(server).send(Wire.get("bytes=0-99"))) {
        assertFalse(wire.head().contains("HTTP/1.1"));
      }
      awaitRefused();
      assertEquals(0, server.served() + plain.served());
    }
  }

  private void awaitRefused() throws InterruptedException {
    for (int i = 0; i < 500 && told.refused.isEmpty(); i++) {
      Thread.sleep(10);
    }
    assertEquals(1, told.refused.size());
  }

  @Test
  void nothingOfItIsOnTheWire() throws Exception {
    // Without a secret: what signs a request names the server's own address.
    try (ChunkServer server = serve(settings(0, null, identity(key)));
        ChunkServer plain = serve(settings(0, null, null));
        Relay hidden = new Relay(server.port());
        Relay open = new Relay(plain.port())) {
      assertArrayEquals(CONTENT, read(source(hidden.port(), null, identity(key))));
      assertArrayEquals(CONTENT, read(source(open.port(), null, null)));
      String clear = open.seen();
      String sealed = hidden.seen();
      assertTrue(clear.contains(Shelves.BLOB.hex()));
      assertFalse(sealed.contains(Shelves.BLOB.hex()));
      for (int at = 0; at + 8 < CONTENT.length; at += 10_007) {
        String some = new String(CONTENT, at, 8, StandardCharsets.ISO_8859_1);
        assertTrue(clear.contains(some), "at " + at);
        assertFalse(sealed.contains(some), "at " + at);
      }
    }
  }

  private static byte[] read(PeerSource source) throws SourceException {
    return Shelves.read(source, Shelves.file(CONTENT.length), ALL);
  }

  @Test
  void keepsToTheRate() throws Exception {
    try (ChunkServer server = serve(settings(2_000_000, null, identity(key)))) {
      PeerSource source = source(server.port(), null, identity(key));
      long began = System.nanoTime();
      assertArrayEquals(CONTENT, read(source));
      double seconds = (System.nanoTime() - began) / 1e9;
      assertTrue(seconds > 1.2 && seconds < 6, "3 MB at 2 MB/s took " + seconds + " s");
    }
  }

  @Test
  void whoReadsNothingIsSentLittle() throws Exception {
    int size = 96 << 20;
    Path large = Shelves.write(folder, new byte[size]);
    try (ChunkServer server = Shelves.serve(settings(0, null, identity(key)), Shelves.of(large))) {
      PeerSource source = source(server.port(), null, identity(key));
      try (ChunkStream stream = source.open(Shelves.file(size), new ByteRange(0, size))) {
        assertTrue(stream.read(new byte[100], 0, 100) > 0);
        Thread.sleep(1000);
        // What the system's buffers hold.
        assertTrue(server.served() < size / 3, "sent " + server.served());
        stream.abort();
      }
    }
  }

  @Test
  void aFileThatMovesInTheMiddleIsServedToTheEnd() throws Exception {
    byte[] content = Shelves.content(32 << 20);
    Path first = Shelves.write(folder, content);
    Path then = folder.resolve("placed");
    Shelf shelf = Shelves.moved(first, then);
    try (ChunkServer server = Shelves.serve(settings(0, null, identity(key)), shelf)) {
      PeerSource source = source(server.port(), null, identity(key));
      byte[] got = new byte[content.length];
      try (ChunkStream stream =
          source.open(Shelves.file(content.length), new ByteRange(0, content.length))) {
        for (int at = 0; at < got.length; ) {
          at += stream.read(got, at, got.length - at);
          if (Files.exists(first)) {
            Files.move(first, then);
          }
        }
      }
      assertArrayEquals(content, got);
    }
  }

  @Test
  void aFileThatIsCutEndsTheConnection() throws Exception {
    int size = 64 << 20;
    Path file = Shelves.write(folder, new byte[size]);
    try (ChunkServer server = Shelves.serve(settings(0, null, identity(key)), Shelves.of(file))) {
      PeerSource source = source(server.port(), null, identity(key));
      try (ChunkStream stream = source.open(Shelves.file(size), new ByteRange(0, size))) {
        byte[] into = new byte[1 << 20];
        assertTrue(stream.read(into, 0, into.length) > 0);
        Files.write(file, new byte[100]);
        SourceException e =
            assertThrows(
                SourceException.class,
                () -> {
                  while (stream.read(into, 0, into.length) > 0) {
                    // Until it breaks.
                  }
                });
        assertInstanceOf(Trouble.Broken.class, e.trouble());
      }
    }
  }

  @Test
  void whoSaysNothingIsCountedAndGivenUp() throws Exception {
    Shelf shelf = Shelves.of(Shelves.write(folder, CONTENT));
    try (ChunkServer server =
        ChunkServer.start(settings(0, null, identity(key)), shelf, told, Duration.ofMillis(1500))) {
      List<Wire> silent = new ArrayList<>();
      try {
        for (int i = 0; i < 256; i++) {
          silent.add(new Wire(server));
        }
        // One more than are let in from one address.
        try (Wire tooMany = new Wire(server)) {
          assertTrue(tooMany.isClosed());
        }
        for (Wire wire : silent) {
          assertFalse(wire.head().contains("HTTP/1.1"));
          assertTrue(wire.isClosed());
        }
      } finally {
        for (Wire wire : silent) {
          wire.close();
        }
      }
      assertArrayEquals(CONTENT, read(source(server.port(), null, identity(key))));
    }
    assertEquals(List.of(), told.refused);
  }
}
