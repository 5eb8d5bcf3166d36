package dev.exodl.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.Fault.Framing;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults that show in how the bytes travel; looked at through bare sockets. */
class DeliveryFaultsTest {

  private static final String CLOSE = "Connection: close";

  private final HubEmulator hub = HubEmulator.start();
  private String url = "";

  @BeforeEach
  void fill() throws Exception {
    hub.model("org/tiny").lfs("model.safetensors", RepoContent.random(7, 300_000)).commit("first");
    try (var asker = new Asker(hub)) {
      url = asker.signed("/org/tiny/resolve/main/model.safetensors");
    }
    hub.log().clear();
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private static int bodyLength(String raw) {
    return raw.length() - raw.indexOf("\r\n\r\n") - 4;
  }

  private long bytes() {
    return hub.log().bytesServed(Host.CDN);
  }

  @Test
  void aCutIsAResetAfterSoManyBytes() throws Exception {
    hub.faults().on(Where.CDN).then(new Fault.CutAfter(123_456));
    try (var socket = Asker.connect(url)) {
      Asker.send(socket, url);
      int got = 0;
      try {
        for (int n; (n = socket.getInputStream().read(new byte[9999])) > 0; ) {
          got += n;
        }
        throw new AssertionError("no reset after " + got + " bytes");
      } catch (SocketException e) {
        assertTrue(got > 123_456 && got < 125_000, got + " bytes with the head");
      }
    }
    assertEquals(123_456, bytes());
  }

  @Test
  void aTruncatedBodyEndsCleanlyBelowItsLength() throws Exception {
    hub.faults().on(Where.CDN).nth(1).then(Fault.truncated(5000));
    hub.faults().on(Where.CDN).nth(2).then(new Fault.TruncatedBody(5000, Framing.CHUNKED));
    var plain = Asker.raw(url);
    assertTrue(plain.contains("Content-Length: 300000\r\n"));
    assertEquals(5000, bodyLength(plain));
    var chunked = Asker.raw(url);
    assertTrue(chunked.contains("Transfer-Encoding: chunked\r\n"));
    assertFalse(chunked.contains("Content-Length"));
    assertFalse(chunked.endsWith("0\r\n\r\n"));
    assertEquals(10_000, bytes());
  }

  @Test
  void aLengthCanBeWrongEitherWay() throws Exception {
    hub.faults().on(Where.CDN).nth(1).then(new Fault.WrongLength(10));
    hub.faults().on(Where.CDN).nth(2).then(new Fault.WrongLength(-10));
    var more = Asker.raw(url);
    assertTrue(more.contains("Content-Length: 300010\r\n"));
    assertEquals(300_000, bodyLength(more));
    var less = Asker.raw(url);
    assertTrue(less.contains("Content-Length: 299990\r\n"));
    assertEquals(300_000, bodyLength(less));
  }

  @Test
  void aStallHoldsTheRestBack() throws Exception {
    hub.faults().on(Where.CDN).then(new Fault.StallAfter(1000, Duration.ofMillis(400)));
    try (var socket = Asker.connect(url)) {
      Asker.send(socket, url, CLOSE);
      Thread.sleep(200);
      assertEquals(1000, bytes());
      assertEquals(
          300_000, bodyLength(new String(socket.getInputStream().readAllBytes(), "ISO-8859-1")));
    }
    assertTrue(hub.log().all().getFirst().took().toMillis() >= 400);
  }

  @Test
  void aStallEndsWhenTheClientLeaves() throws Exception {
    hub.faults().on(Where.CDN).then(new Fault.StallAfter(1000, Duration.ofSeconds(60)));
    try (var socket = Asker.connect(url)) {
      Asker.send(socket, url);
      Thread.sleep(100);
      assertEquals(1, hub.log().openConnections(Host.CDN));
    }
    for (int i = 0; i < 50 && hub.log().openConnections(Host.CDN) > 0; i++) {
      Thread.sleep(20);
    }
    assertEquals(0, hub.log().openConnections(Host.CDN));
  }

  @Test
  void theFirstByteCanBeSlowAndSoCanAllOthers() throws Exception {
    hub.faults().on(Where.CDN).nth(1).then(new Fault.SlowFirstByte(Duration.ofMillis(300)));
    hub.faults().on(Where.CDN).nth(2).then(new Fault.SlowRate(500_000));
    Asker.raw(url, CLOSE);
    Asker.raw(url, CLOSE);
    var log = hub.log().all();
    assertTrue(log.getFirst().took().toMillis() >= 300);
    long slow = log.getLast().took().toMillis();
    assertTrue(slow > 520 && slow < 2000, slow + " ms for 300 kB at 500 kB/s");
  }

  @Test
  void garbageIsNoHttp() throws Exception {
    hub.faults().on(Where.CDN).then(new Fault.Garbage());
    assertTrue(Asker.raw(url).startsWith("220 mail"));
  }

  @Test
  void aConnectionCanBeDroppedWithoutAnAnswer() {
    hub.faults().on(Where.CDN).then(new Fault.DropConnection());
    assertThrows(SocketException.class, () -> Asker.raw(url));
    assertEquals(0, hub.log().all().getFirst().status());
  }

  @Test
  void connectionsAreRefusedForAWhile() throws Exception {
    hub.faults().on(Where.CDN).times(1).then(new Fault.RefuseConnection(Duration.ofMillis(400)));
    assertThrows(SocketException.class, () -> Asker.raw(url));
    assertThrows(ConnectException.class, () -> Asker.raw(url));
    Thread.sleep(600);
    assertEquals(300_000, bodyLength(Asker.raw(url, CLOSE)));
  }

  @Test
  void aHostGoesAwayAndComesBack() throws Exception {
    try (var socket = Asker.connect(url)) {
      Thread.sleep(100);
      hub.goAway(Host.CDN);
      assertThrows(
          IOException.class,
          () -> {
            Asker.send(socket, url);
            Asker.send(socket, url);
            if (socket.getInputStream().read() < 0) {
              throw new IOException("closed");
            }
          });
    }
    // Refused as a rule; silence is an absence as well.
    assertThrows(IOException.class, () -> Asker.raw(url));
    hub.comeBack(Host.CDN);
    assertEquals(300_000, bodyLength(Asker.raw(url, CLOSE)));
  }

  @Test
  void aQuietCloseComesAfterAnHonestAnswer() throws Exception {
    hub.faults().on(Where.CDN).then(new Fault.CloseQuietly());
    var raw = Asker.raw(url);
    assertTrue(raw.contains("Connection: keep-alive"));
    assertEquals(300_000, bodyLength(raw));
  }
}
