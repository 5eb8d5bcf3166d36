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
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  void whoSaysNothingTakesNoNodesPlace() throws Exception {
    List<Wire> silent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      silent.add(new Wire(server).send("GET /v1/blobs/"));
    }
    PeerSource source = Shelves.source(server, Shelves.SECRET);
    byte[] got = Shelves.read(source, Shelves.file(CONTENT.length), SOME);
    assertArrayEquals(Wire.part(CONTENT, 100, 200), got);
    // It came last: some of the others had to give way by then.
    assertTrue(silent.getFirst().isClosed());
    for (Wire wire : silent) {
      wire.close();
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
        assertTrue(head.contains("\r\nExo-Time: t="), head);
        assertTrue(new String(wire.body(head)).contains("the clocks differ"));
      }
    }
  }

  @Test
  void aPeerWhoseClockIsWrongIsStillServed() throws IOException, SourceException {
    AtomicLong skew = new AtomicLong(3600);
    PeerSource source = byClock(() -> now() + skew.get());
    byte[] got = Shelves.read(source, Shelves.file(CONTENT.length), SOME);
    assertArrayEquals(Wire.part(CONTENT, 100, 200), got);
    skew.set(-7200);
    assertEquals(100, Shelves.read(source, Shelves.file(CONTENT.length), SOME).length);
  }

  /** A clock that differs is put right by one more request: nothing that a user could act on. */
  @Test
  void whoseClockDiffersIsNoStrangerAndHidesNone() throws SourceException {
    for (long off : new long[] {6, -70}) {
      PeerSource source = byClock(() -> now() + off);
      assertEquals(100, Shelves.read(source, Shelves.file(CONTENT.length), SOME).length);
    }
    assertEquals(List.of(), told.refused);
    assertEquals(1, told.details.size(), told.details.toString());
    assertTrue(told.details.getFirst().contains("the clocks differ"), told.details.toString());
    PeerSource stranger = Shelves.source(server, "another".getBytes());
    assertThrows(
        SourceException.class, () -> Shelves.read(stranger, Shelves.file(CONTENT.length), SOME));
    assertEquals(1, told.refused.size());
    assertTrue(told.refused.getFirst().contains("another cluster key"), told.refused.toString());
  }

  private PeerSource byClock(LongSupplier seconds) {
    return new PeerSource(
        "127.0.0.1", server.port(), Shelves.SECRET, null, Duration.ofSeconds(5), seconds);
  }

  /** It starts an hour early and is put right; then the machine sleeps for eight. */
  @Test
  void aServerWhoseClockIsSetOrThatSleptGoesOnServing() throws SourceException {
    AtomicLong real = new AtomicLong(1_000_000);
    AtomicLong wrong = new AtomicLong(3600);
    AtomicLong slept = new AtomicLong();
    SteadyTime time =
        new SteadyTime(
            () -> (real.get() + wrong.get()) * 1000,
            () -> (real.get() - slept.get()) * 1_000_000_000);
    server.close();
    server =
        ChunkServer.start(
            Shelves.settings(0, 10, 10, Shelves.SECRET),
            Shelves.of(Shelves.write(folder, CONTENT)),
            told,
            Duration.ofSeconds(15),
            time);
    PeerSource early = byClock(real::get);
    assertEquals(100, Shelves.read(early, Shelves.file(CONTENT.length), SOME).length);
    wrong.set(0);
    real.addAndGet(1);
    for (PeerSource source : List.of(early, byClock(real::get))) {
      assertEquals(100, Shelves.read(source, Shelves.file(CONTENT.length), SOME).length);
    }
    slept.set(8 * 3600);
    real.addAndGet(8 * 3600 + 10);
    for (PeerSource source : List.of(early, byClock(real::get))) {
      assertEquals(100, Shelves.read(source, Shelves.file(CONTENT.length), SOME).length);
    }
    assertEquals(List.of(), told.refused);
  }

  /** The asker's clock is put right while it runs, forwards and back. */
  @Test
  void anAskerWhoseClockIsSetGoesOnAsking() throws SourceException {
    AtomicLong skew = new AtomicLong();
    PeerSource source = byClock(() -> now() + skew.get());
    for (long off : new long[] {0, 3600, -3600, 0}) {
      skew.set(off);
      assertEquals(100, Shelves.read(source, Shelves.file(CONTENT.length), SOME).length);
    }
    assertEquals(List.of(), told.refused);
  }

  @Test
  void whatWasSignedBeforeTheServerStartedIsNotTaken() {
    AtomicLong clock = new AtomicLong(1_000_000);
    SignatureCheck before = new SignatureCheck(Shelves.SECRET, clock::get);
    String header = sign(Shelves.SECRET, 1_000_000, NONCE, 7).header();
    assertNull(before.refusal(PATH, RANGE, header, HERE, 7));
    clock.addAndGet(2);
    SignatureCheck after = new SignatureCheck(Shelves.SECRET, clock::get);
    assertNotNull(after.refusal(PATH, RANGE, header, HERE, 7));
    String tomorrow = sign(Shelves.SECRET, clock.get() + 10, NONCE, 7).header();
    assertNotNull(after.refusal(PATH, RANGE, tomorrow, HERE, 7), "nor is one kept for later");
  }

  /** The hub's token, say, is none of it: this room does not know it. */
  @Test
  void aRequestHoldsNothingThatIsNotNamedHere() throws Exception {
    try (ServerSocket peer = new ServerSocket(0, 5, HERE)) {
      FutureTask<String> heard = new FutureTask<>(() -> twoRequests(peer));
      Thread.ofVirtual().start(heard);
      PeerSource source = new PeerSource("127.0.0.1", peer.getLocalPort(), Shelves.SECRET, null);
      assertThrows(
          SourceException.class, () -> Shelves.read(source, Shelves.file(CONTENT.length), SOME));
      String form =
          """
          GET PATH HTTP/1.1
          User-Agent: exo-dl
          Accept: */*
          Range: RANGE
          Authorization: Exo t=[0-9]+, n=[0-9a-f]{16}, s=[0-9a-f]{64}
          Cache-Control: no-cache
          Pragma: no-cache
          Host: 127.0.0.1:[0-9]+
          Connection: keep-alive
          """;
      assertTrue(
          heard
              .get()
              .strip()
              .matches(
                  form.strip()
                      .replace("PATH", PATH)
                      .replace("RANGE", RANGE)
                      .replace("*/*", "\\*/\\*")
                      .replace("\n", "\r\n")),
          heard.get());
    }
  }

  /** Who is in between says that it is tomorrow, and keeps what comes then. */
  @Test
  void nothingIsSignedForATimeThatWhoKnowsNoKeyTells() throws Exception {
    try (ServerSocket between = new ServerSocket(0, 5, HERE)) {
      FutureTask<String> heard = new FutureTask<>(() -> twoRequests(between));
      Thread.ofVirtual().start(heard);
      PeerSource source = new PeerSource("127.0.0.1", between.getLocalPort(), Shelves.SECRET, null);
      assertThrows(
          SourceException.class, () -> Shelves.read(source, Shelves.file(CONTENT.length), SOME));
      Matcher time = Pattern.compile("Exo t=([0-9]+)").matcher(heard.get());
      assertTrue(time.find(), heard.get());
      assertTrue(Long.parseLong(time.group(1)) < now() + 3600, heard.get());
    }
  }

  /** The second of two requests that are refused with another time than ours. */
  private static String twoRequests(ServerSocket server) throws IOException {
    String head = "";
    for (int i = 0; i < 2; i++) {
      try (Socket socket = server.accept()) {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\n")) {
          text.append((char) socket.getInputStream().read());
        }
        head = text.toString();
        long tomorrow = now() + 86_400;
        String date =
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.ofEpochSecond(tomorrow).atZone(ZoneOffset.UTC));
        String answer =
            "HTTP/1.1 401 Unauthorized\r\nDate: "
                + date
                + "\r\nExo-Time: t="
                + tomorrow
                + ", s="
                + "0".repeat(64)
                + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return head;
  }

  @Test
  void noncesAreForgottenWhenTheirTimeIsOver() {
    AtomicLong clock = new AtomicLong(1_000_000);
    SignatureCheck check = new SignatureCheck(Shelves.SECRET, clock::get);
    assertNull(check.time("a stranger"));
    String header = sign(Shelves.SECRET, 1_000_000, NONCE, 7).header();
    assertNull(check.refusal(PATH, RANGE, header, HERE, 7));
    clock.addAndGet(SignatureCheck.NEAR);
    SignatureCheck.Refusal again = check.refusal(PATH, RANGE, header, HERE, 7);
    assertNotNull(again);
    assertEquals("the signature was used before", again.why());
    assertEquals(1, check.remembered());
    clock.incrementAndGet();
    assertNotNull(check.refusal(PATH, RANGE, header, HERE, 7));
    String later = sign(Shelves.SECRET, clock.get(), NONCE, 7).header();
    assertNull(check.refusal(PATH, RANGE, later, HERE, 7));
    assertEquals(1, check.remembered());
  }
}
