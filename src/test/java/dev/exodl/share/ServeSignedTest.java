package dev.exodl.share;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask when the cluster has a secret. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServeSignedTest {
  private static final byte[] CONTENT = Shelves.content(100_000);
  private static final ByteRange SOME = new ByteRange(100, 200);
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final String PATH = "/v1/blobs/" + Shelves.BLOB.hex();
  private static final String RANGE = "bytes=100-199";
  private static final String NONCE = "00112233445566ff";
  @TempDir Path folder;
  private final Shelves.Told told = new Shelves.Told();
  private ChunkServer server;

  @BeforeEach
  void serve() {
    server =
        ChunkServer.start(
            Shelves.settings(0, 10, 10, Shelves.SECRET),
            Shelves.of(Shelves.write(folder, CONTENT)),
            told);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static RequestSignature sign(byte[] secret, long time, String nonce, int port) {
    return RequestSignature.sign(
        RequestSignature.key(secret), PATH, RANGE, time, nonce, HERE, port);
  }

  private static long now() {
    return System.currentTimeMillis() / 1000;
  }

  private int status(Wire wire, String authorization) throws IOException {
    return wire.status(
        "GET "
            + PATH
            + " HTTP/1.1\r\nRange: "
            + RANGE
            + "\r\nAuthorization: "
            + authorization
            + "\r\n\r\n");
  }

  @Test
  void whoKnowsTheSecretIsServed() throws SourceException {
    PeerSource source = Shelves.source(server, Shelves.SECRET);
    for (int i = 0; i < 3; i++) {
      byte[] got = Shelves.read(source, Shelves.file(CONTENT.length), SOME);
      assertArrayEquals(Wire.part(CONTENT, 100, 200), got);
    }
    assertEquals(List.of(), told.refused);
  }

  @Test
  void aStrangerIsRefusedAndToldWhyAndSeesNoBytes() {
    for (byte @Nullable [] secret : new byte[][] {null, "another".getBytes()}) {
      PeerSource source = Shelves.source(server, secret);
      SourceException e =
          assertThrows(
              SourceException.class,
              () -> Shelves.read(source, Shelves.file(CONTENT.length), SOME));
      Trouble.Refused refused = assertInstanceOf(Trouble.Refused.class, e.trouble());
      String line = refused.failure().line();
      assertTrue(line.contains(secret == null ? "is not signed" : "another cluster key"), line);
      assertTrue(line.contains(source.toString()), line);
    }
    assertEquals(0, server.served());
    assertEquals(1, told.refused.size());
  }

  @Test
  void aStrangerLearnsNothingOfWhatIsHere() throws IOException {
    try (Wire wire = new Wire(server)) {
      assertEquals(401, wire.status(Wire.get("bytes=0-9")));
      assertEquals(401, wire.status("GET /elsewhere HTTP/1.1\r\n\r\n"));
      assertEquals(401, wire.status(Wire.get("bytes=junk")));
    }
  }

  @Test
  void aSignatureIsGoodOnceAndForOneRequestOnly() throws IOException {
    int port = server.port();
    try (Wire wire = new Wire(server)) {
      String good = sign(Shelves.SECRET, now(), NONCE, port).header();
      assertEquals(206, status(wire, good));
      assertEquals(401, status(wire, good));
      String next = sign(Shelves.SECRET, now(), "00112233445566fe", port).header();
      String otherRange =
          "GET " + PATH + " HTTP/1.1\r\nRange: bytes=0-9\r\nAuthorization: " + next + "\r\n\r\n";
      assertEquals(401, wire.status(otherRange));
      assertEquals(401, status(wire, next.replace("n=0", "n=1")));
      assertEquals(401, status(wire, next.replace("s=", "s=0").substring(0, next.length())));
      assertEquals(206, status(wire, next));
      String elsewhere = sign(Shelves.SECRET, now(), "00112233445566fd", port + 1).header();
      assertEquals(401, status(wire, elsewhere));
    }
  }

  @Test
  void anOldOrFutureSignatureIsRefusedAndTheRightTimeIsTold() throws IOException {
    try (Wire wire = new Wire(server)) {
      for (long off : new long[] {-65, 65, -86_400}) {
        String header = sign(Shelves.SECRET, now() + off, NONCE, server.port()).header();
        wire.send(
            "GET "
                + PATH
                + " HTTP/1.1\r\nRange: "
                + RANGE
                + "\r\nAuthorization: "
                + header
                + "\r\n\r\n");
        String head = wire.head();
        assertTrue(head.startsWith("HTTP/1.1 401 "), head);
        assertTrue(head.contains("\r\nDate: "), head);
        assertTrue(new String(wire.body(head)).contains("the clocks differ"));
      }
    }
  }

  @Test
  void aPeerWhoseClockIsWrongIsStillServed() throws IOException, SourceException {
    AtomicLong skew = new AtomicLong(3600);
    PeerSource source =
        new PeerSource(
            "127.0.0.1",
            server.port(),
            Shelves.SECRET,
            null,
            java.time.Duration.ofSeconds(5),
            () -> now() + skew.get());
    byte[] got = Shelves.read(source, Shelves.file(CONTENT.length), SOME);
    assertArrayEquals(Wire.part(CONTENT, 100, 200), got);
    skew.set(-7200);
    assertEquals(100, Shelves.read(source, Shelves.file(CONTENT.length), SOME).length);
  }

  @Test
  void noncesAreForgottenWhenTheirTimeIsOver() {
    AtomicLong clock = new AtomicLong(1_000_000);
    SignatureCheck check = new SignatureCheck(Shelves.SECRET, clock::get);
    String header = sign(Shelves.SECRET, 1_000_000, NONCE, 7).header();
    assertNull(check.refusal(PATH, RANGE, header, HERE, 7));
    clock.addAndGet(SignatureCheck.NEAR);
    assertEquals("the signature was used before", check.refusal(PATH, RANGE, header, HERE, 7));
    assertEquals(1, check.remembered());
    clock.incrementAndGet();
    assertNotNull(check.refusal(PATH, RANGE, header, HERE, 7));
    String later = sign(Shelves.SECRET, clock.get(), NONCE, 7).header();
    assertNull(check.refusal(PATH, RANGE, later, HERE, 7));
    assertEquals(1, check.remembered());
  }
}
