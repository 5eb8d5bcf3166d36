package dev.exodl.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's TLS over sockets that read ahead, against the JDK's. */
@Timeout(60)
class ReadAheadTlsTest {
  private static final String V12 = "TLSv1.2";
  private static final String V13 = "TLSv1.3";

  private static SSLSocket over(Socket connected, String host, int port) throws IOException {
    SSLContext trusting = TestCertificate.shared().clientContext();
    return (SSLSocket)
        new ReadAheadTls(trusting.getSocketFactory()).createSocket(connected, host, port, true);
  }

  private static SSLSocket client(TlsServer server) throws IOException {
    return client(server, 0);
  }

  private static SSLSocket client(TlsServer server, int step) throws IOException {
    SSLSocket socket = over(server.connect(step, Long.MAX_VALUE), "localhost", server.port());
    socket.startHandshake();
    return socket;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void givesTheSameBytesInWhateverStepsTheyComeAndAreAskedFor(String protocol) throws Exception {
    int length = 48 << 20;
    byte[] bytes = random(1 << 20);
    TlsServer.Talk talk =
        (tls, bare) -> {
          Random random = new Random(1);
          OutputStream out = tls.getOutputStream();
          for (int sent = 0; sent < length; ) {
            int from = sent % bytes.length;
            int most = random.nextInt(4) == 0 ? 64 : 100_000;
            int count = Math.min(1 + random.nextInt(most), bytes.length - from);
            out.write(bytes, from, count);
            sent += count;
          }
          tls.close();
        };
    MessageDigest wanted = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < length / bytes.length; i++) {
      wanted.update(bytes);
    }
    byte[] digest = wanted.digest();
    try (TlsServer server = new TlsServer(protocol, talk)) {
      for (int step : new int[] {0, 5003}) {
        MessageDigest got = MessageDigest.getInstance("SHA-256");
        Random random = new Random(2);
        byte[] into = new byte[256 << 10];
        try (SSLSocket socket = client(server, step)) {
          assertEquals(protocol, socket.getSession().getProtocol());
          InputStream in = socket.getInputStream();
          while (true) {
            int from = random.nextInt(1000);
            int most = random.nextInt(3) == 0 ? 20 : into.length - from;
            int count = in.read(into, from, 1 + random.nextInt(most));
            if (count < 0) {
              break;
            }
            assertTrue(count > 0);
            got.update(into, from, count);
          }
          assertEquals(-1, in.read());
        }
        assertArrayEquals(digest, got.digest());
      }
      assertNull(server.trouble);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void takesTinyRecordsOneByteAtATimeAndManyAtOnce(String protocol) throws Exception {
    byte[] bytes = random(3000);
    TlsServer.Talk talk =
        (tls, bare) -> {
          for (byte b : bytes) {
            tls.getOutputStream().write(b);
          }
        };
    try (TlsServer server = new TlsServer(protocol, talk)) {
      try (SSLSocket socket = client(server, 1)) {
        assertArrayEquals(bytes, socket.getInputStream().readNBytes(bytes.length));
      }
      try (SSLSocket socket = client(server)) {
        assertEquals(bytes[0], (byte) socket.getInputStream().read());
        Thread.sleep(300);
        byte[] rest = socket.getInputStream().readNBytes(bytes.length - 1);
        assertArrayEquals(Arrays.copyOfRange(bytes, 1, bytes.length), rest);
      }
    }
  }

  @Test
  void takesNewKeysInTheMiddleAndSendsWithItsOwn() throws Exception {
    TlsServer.Talk talk =
        (tls, bare) -> {
          for (int i = 0; i < 5; i++) {
            tls.getOutputStream().write(random(100_000));
            tls.startHandshake();
            assertEquals(i, tls.getInputStream().read());
          }
          tls.close();
        };
    try (TlsServer server = new TlsServer(V13, talk);
        SSLSocket socket = client(server)) {
      for (int i = 0; i < 5; i++) {
        assertArrayEquals(random(100_000), socket.getInputStream().readNBytes(100_000));
        socket.getOutputStream().write(i);
      }
      assertEquals(-1, socket.getInputStream().read());
      assertNull(server.trouble);
    }
  }

  @Test
  void shakesHandsAgainWhenAServerOfOldWantsIt() throws Exception {
    TlsServer.Talk talk =
        (tls, bare) -> {
          tls.getOutputStream().write(random(50_000));
          tls.startHandshake();
          tls.getOutputStream().write(random(50_000));
          assertEquals(7, tls.getInputStream().read());
          tls.close();
        };
    try (TlsServer server = new TlsServer(V12, talk);
        SSLSocket socket = client(server)) {
      assertArrayEquals(random(50_000), socket.getInputStream().readNBytes(50_000));
      assertArrayEquals(random(50_000), socket.getInputStream().readNBytes(50_000));
      socket.getOutputStream().write(7);
      assertEquals(-1, socket.getInputStream().read());
      assertNull(server.trouble);
    }
  }

  @Test
  void goesOnAfterATimeout() throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    TlsServer.Talk talk =
        (tls, bare) -> {
          tls.getOutputStream().write(1);
          try {
            said.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          tls.getOutputStream().write(random(50_000));
        };
    try (TlsServer server = new TlsServer(V13, talk);
        SSLSocket socket = client(server)) {
      socket.setSoTimeout(100);
      assertEquals(100, socket.getSoTimeout());
      InputStream in = socket.getInputStream();
      assertEquals(1, in.read());
      assertThrows(SocketTimeoutException.class, in::read);
      assertThrows(SocketTimeoutException.class, () -> in.read(new byte[100_000]));
      said.countDown();
      socket.setSoTimeout(10_000);
      assertArrayEquals(random(50_000), in.readNBytes(50_000));
    }
  }

  @Test
  void aReadEndsWhenAnotherThreadClosesOrInterrupts() throws Exception {
    try (TlsServer server = new TlsServer(V13, (tls, bare) -> tls.getOutputStream().write(1))) {
      for (boolean interrupt : new boolean[] {true, false}) {
        SSLSocket socket = client(server);
        assertEquals(1, socket.getInputStream().read());
        FutureTask<String> ended = new FutureTask<>(() -> end(socket));
        Thread reader = Thread.ofVirtual().start(ended);
        Thread.sleep(200);
        assertFalse(ended.isDone());
        if (interrupt) {
          reader.interrupt();
        } else {
          socket.close();
        }
        String end = ended.get(5, TimeUnit.SECONDS);
        // A close is told to the server first; its own may come before the socket is closed here.
        Set<String> right =
            interrupt ? Set.of("Closed by interrupt") : Set.of("Socket closed", "read -1");
        assertTrue(right.contains(end), end);
        assertTrue(socket.isClosed());
      }
    }
  }

  private static String end(SSLSocket socket) throws IOException {
    try {
      return "read " + socket.getInputStream().read();
    } catch (SocketException e) {
      return "" + e.getMessage();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {V12, V13})
  void resumesItsSessions(String protocol) throws Exception {
    TlsServer.Talk talk = (tls, bare) -> tls.getOutputStream().write(1);
    try (TlsServer server = new TlsServer(protocol, talk)) {
      long began = 0;
      for (int i = 0; i < 3; i++) {
        try (SSLSocket socket = client(server)) {
          assertEquals(1, socket.getInputStream().read());
          long created = socket.getSession().getCreationTime();
          assertTrue(i == 0 || created == began, "a new session");
          began = created;
        }
        Thread.sleep(20);
      }
    }
  }

  @Test
  void offersAesOnly() throws Exception {
    try (TlsServer server = new TlsServer(V13, (tls, bare) -> {})) {
      SSLSocket socket = client(server);
      for (String suite : socket.getEnabledCipherSuites()) {
        assertFalse(suite.contains("CHACHA20"), suite);
      }
      assertTrue(socket.getSession().getCipherSuite().contains("_AES_"));
    }
  }

  @Test
  void theHttpsClientAsksAgainWhenAKeptConnectionWasCut() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    TlsServer.Talk talk =
        (tls, bare) -> {
          connections.incrementAndGet();
          request(tls);
          tls.getOutputStream()
              .write(
                  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
                      .getBytes(StandardCharsets.US_ASCII));
          bare.close();
        };
    try (TlsServer server = new TlsServer(V13, talk)) {
      SSLSocketFactory sockets =
          new ReadAheadTls(TestCertificate.shared().clientContext().getSocketFactory());
      for (int i = 1; i <= 3; i++) {
        try (InputStream in = ask(server, sockets).getInputStream()) {
          assertEquals("hi", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
        assertEquals(i, connections.get());
        Thread.sleep(100);
      }
    }
  }

  private static HttpsURLConnection ask(TlsServer server, SSLSocketFactory sockets)
      throws IOException {
    URI address = URI.create("https://localhost:" + server.port() + "/");
    HttpsURLConnection connection =
        (HttpsURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
    connection.setSSLSocketFactory(sockets);
    return connection;
  }

  private static void request(SSLSocket tls) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) tls.getInputStream().read());
    }
  }
}
