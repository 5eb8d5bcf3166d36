package dev.exodl.share;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.FailureException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes over the wire. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChunkServerTest {
  private static final byte[] CONTENT = Shelves.content(3_000_000);
  @TempDir Path folder;

  private ChunkServer serve(ServeSettings settings) {
    return Shelves.serve(settings, Shelves.of(Shelves.write(folder, CONTENT)));
  }

  @Test
  void answersRangesOverOneConnection() throws IOException {
    try (ChunkServer server = serve(Shelves.settings());
        Wire wire = new Wire(server)) {
      int[][] ranges = {{0, 0}, {0, 2_999_999}, {2_999_999, 2_999_999}, {1_048_575, 2_097_152}};
      for (int[] r : ranges) {
        String head = wire.send(Wire.get("bytes=" + r[0] + "-" + r[1])).head();
        assertTrue(head.startsWith("HTTP/1.1 206 "), head);
        assertTrue(head.contains("Content-Range: bytes " + r[0] + "-" + r[1] + "/*\r\n"), head);
        assertArrayEquals(Wire.part(CONTENT, r[0], r[1] + 1), wire.body(head));
      }
      Shelves.awaitServed(server, 1 + 3_000_000 + 1 + 1_048_578);
    }
  }

  @Test
  void saysWhatIsWrongWithARequest() throws IOException {
    String blob = "/v1/blobs/" + Shelves.BLOB.hex();
    String range = " HTTP/1.1\r\nRange: bytes=0-9\r\n\r\n";
    try (ChunkServer server = serve(Shelves.settings());
        Wire wire = new Wire(server)) {
      for (String bad :
          List.of(
              "bytes=9-3",
              "bytes=-5",
              "bytes=5-",
              "bytes=0-1,3-4",
              "lines=0-9",
              "bytes=0-99999999999999999999",
              "")) {
        assertEquals(416, wire.status(Wire.get(bad)), bad);
      }
      assertEquals(416, wire.status("GET " + blob + " HTTP/1.1\r\nHost: x\r\n\r\n"));
      assertEquals(404, wire.status(Wire.get("bytes=0-3000000")));
      for (String path :
          List.of(
              "/",
              "/v1/blobs/" + "cd".repeat(32),
              "/v1/blobs/" + "cd".repeat(20),
              "/v1/blobs/../../etc/passwd",
              "/v1/blobs/" + "AB".repeat(32),
              blob + "?x",
              blob + "/",
              "http://elsewhere" + blob)) {
        assertEquals(404, wire.status("GET " + path + range), path);
      }
      assertEquals(405, wire.status("PUT " + blob + range));
      assertEquals(405, wire.status("HEAD " + blob + range));
      assertEquals(206, wire.status(Wire.get("bytes=0-9")));
    }
  }

  @Test
  void closesAfterWhatIsNoRequest() throws IOException {
    String blob = "GET /v1/blobs/" + Shelves.BLOB.hex();
    String range = "Range: bytes=0-9\r\n";
    try (ChunkServer server = serve(Shelves.settings())) {
      for (String bad :
          List.of(
              "\u0016\u0003\u0001\u0002\r\n\r\n",
              "\r\n\r\n",
              blob + " HTTP/1.0\r\n" + range + "\r\n",
              blob + "  HTTP/1.1\r\n" + range + "\r\n",
              blob + " HTTP/1.1\r\n" + range + range + "\r\n",
              blob + " HTTP/1.1\r\nRange : bytes=0-9\r\n\r\n",
              blob + " HTTP/1.1\r\n folded\r\n\r\n",
              blob + " HTTP/1.1\r\n" + range + "Content-Length: 3\r\n\r\nabc",
              blob + " HTTP/1.1\r\n" + range + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
              blob + " HTTP/1.1\nRange: bytes=0-9\n\r\n\r\n")) {
        try (Wire wire = new Wire(server)) {
          assertEquals(400, wire.status(bad), bad);
          assertTrue(wire.isClosed(), bad);
        }
      }
      try (Wire wire = new Wire(server)) {
        assertEquals(431, wire.status(blob + " HTTP/1.1\r\nX: " + "x".repeat(5000)));
        assertTrue(wire.isClosed());
      }
      try (Wire wire = new Wire(server)) {
        String head = blob + " HTTP/1.1\r\n" + range + "Connection: close\r\n\r\n";
        assertEquals(206, wire.status(head));
        assertTrue(wire.isClosed());
      }
    }
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws IOException {
    try (ChunkServer server = serve(Shelves.settings());
        Wire wire = new Wire(server)) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 500; i++) {
        all.append(Wire.get("bytes=" + i + "-" + (i + 1)));
      }
      Thread.ofVirtual().start(() -> sendQuietly(wire, all.toString()));
      for (int i = 0; i < 500; i++) {
        assertArrayEquals(Wire.part(CONTENT, i, i + 2), wire.body(wire.head()));
      }
    }
  }

  private static void sendQuietly(Wire wire, String text) {
    try {
      wire.send(text);
    } catch (IOException e) {
      // The reader finds out.
    }
  }

  @Test
  void aRequestThatNeverEndsIsGivenUp() throws Exception {
    Shelf shelf = Shelves.of(Shelves.write(folder, CONTENT));
    try (ChunkServer server =
            ChunkServer.start(
                Shelves.settings(), shelf, new Shelves.Told(), Duration.ofSeconds(1));
        Wire slow = new Wire(server);
        Wire silent = new Wire(server)) {
      Thread dripping =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      slow.send("GET / HTTP/1.1\r\nX: ");
                      for (int i = 0; i < 100; i++) {
                        slow.send("x");
                        Thread.sleep(100);
                      }
                    } catch (IOException | InterruptedException e) {
                      // Closed, as it should be.
                    }
                  });
      assertTrue(silent.isClosed());
      assertTrue(slow.isClosed());
      dripping.interrupt();
    }
  }

  @Test
  void moreThanEnoughIsTurnedAwayAndTheNextIsServed() throws IOException {
    Path large = Shelves.write(folder, Shelves.content(64 << 20));
    try (ChunkServer server = Shelves.serve(Shelves.settings(0, 3, 2, null), Shelves.of(large))) {
      List<Wire> greedy = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Wire wire = new Wire(server).send(Wire.get("bytes=0-67108863"));
        assertTrue(wire.head().startsWith("HTTP/1.1 206 "));
        greedy.add(wire);
      }
      try (Wire third = new Wire(server)) {
        String head = third.send(Wire.get("bytes=0-9")).head();
        assertTrue(head.startsWith("HTTP/1.1 503 "), head);
        assertTrue(head.contains("Retry-After: 0\r\n"), head);
        third.body(head);
        for (Wire wire : greedy) {
          wire.close();
        }
        int status = 503;
        while (status == 503) {
          status = third.status(Wire.get("bytes=0-9"));
        }
        assertEquals(206, status);
      }
      assertTrue(server.served() < 2L * 67_108_864);
    }
  }

  @Test
  void aFileThatMovesInTheMiddleIsServedToTheEnd() throws Exception {
    byte[] content = Shelves.content(48 << 20);
    Path first = Shelves.write(folder, content);
    Path then = folder.resolve("placed");
    Shelf shelf = Shelves.moved(first, then);
    try (ChunkServer server = Shelves.serve(Shelves.settings(), shelf);
        Wire wire = new Wire(server)) {
      String head = wire.send(Wire.get("bytes=0-" + (content.length - 1))).head();
      Files.move(first, then);
      assertArrayEquals(content, wire.body(head));
    }
  }

  @Test
  void aFileThatVanishesIsServedToTheEndOfTheAnswer() throws Exception {
    byte[] content = Shelves.content(48 << 20);
    Path file = Shelves.write(folder, content);
    try (ChunkServer server = Shelves.serve(Shelves.settings(), Shelves.of(file));
        Wire wire = new Wire(server)) {
      String head = wire.send(Wire.get("bytes=0-" + (content.length - 1))).head();
      Files.delete(file);
      assertArrayEquals(content, wire.body(head));
      assertEquals(404, wire.status(Wire.get("bytes=0-9")));
    }
  }

  @Test
  void aFileThatIsCutEndsTheConnection() throws Exception {
    Path file = Shelves.write(folder, Shelves.content(48 << 20));
    try (ChunkServer server = Shelves.serve(Shelves.settings(), Shelves.of(file));
        Wire wire = new Wire(server)) {
      String head = wire.send(Wire.get("bytes=0-" + ((48 << 20) - 1))).head();
      Files.write(file, new byte[100]);
      assertTrue(wire.body(head).length < 48 << 20);
    }
  }

  @Test
  void aFileThatVanishesBetweenTwoPartsOfAnAnswerEndsTheConnection() throws Exception {
    Path file = Shelves.write(folder, CONTENT);
    try (ChunkServer server =
            Shelves.serve(Shelves.settings(1_000_000, 10, 10, null), Shelves.of(file));
        Wire wire = new Wire(server)) {
      String head = wire.send(Wire.get("bytes=0-2999999")).head();
      Files.delete(file);
      assertTrue(wire.body(head).length < CONTENT.length);
    }
  }

  @Test
  void whoTakesNothingIsGivenUpAndWhoTakesSlowlyIsNot() throws Exception {
    Path file = Shelves.write(folder, new byte[0]);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 30);
    }
    try (ChunkServer server =
            ChunkServer.start(
                Shelves.settings(), Shelves.of(file), new Shelves.Told(), Duration.ofSeconds(1));
        Wire nothing = new Wire(server);
        Wire slowly = new Wire(server)) {
      nothing.send(Wire.get("bytes=0-1073741823")).head();
      slowly.send(Wire.get("bytes=0-1073741823")).head();
      assertEquals(2, server.underWay());
      while (server.underWay() == 2) {
        assertEquals(1 << 20, slowly.take(1 << 20));
        Thread.sleep(10);
      }
      assertTrue(server.served() > 0);
      assertEquals(64 << 20, slowly.take(64 << 20));
      assertEquals(1, server.underWay());
    }
  }

  @Test
  void keepsToTheRate() throws IOException {
    try (ChunkServer server = serve(Shelves.settings(1_500_000, 10, 10, null));
        Wire one = new Wire(server);
        Wire two = new Wire(server)) {
      long began = System.nanoTime();
      String head = one.send(Wire.get("bytes=0-1499999")).head();
      String other = two.send(Wire.get("bytes=1500000-2999999")).head();
      assertArrayEquals(Wire.part(CONTENT, 0, 1_500_000), one.body(head));
      assertArrayEquals(Wire.part(CONTENT, 1_500_000, 3_000_000), two.body(other));
      double seconds = (System.nanoTime() - began) / 1e9;
      assertTrue(seconds > 1.5 && seconds < 6, "3 MB at 1.5 MB/s took " + seconds + " s");
    }
  }

  @Test
  void aPortThatIsTakenIsToldAndClosingEndsAll() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
      ServeSettings settings =
          new ServeSettings(loopback, taken.getLocalPort(), 0, 1, 1, null, null);
      FailureException e = assertThrows(FailureException.class, () -> serve(settings));
      assertTrue(e.failure().line().contains("cannot listen"), e.failure().line());
    }
    ChunkServer server = serve(Shelves.settings());
    try (Wire wire = new Wire(server)) {
      server.close();
      server.close();
      assertTrue(wire.isClosed());
      assertThrows(IOException.class, () -> new Wire(server));
    }
  }
}
