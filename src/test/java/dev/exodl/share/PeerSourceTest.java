package dev.exodl.share;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A peer's troubles, and many of its readers at once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerSourceTest {
  private static final byte[] CONTENT = Shelves.content(4 << 20);
  private static final ByteRange SOME = new ByteRange(100, 200);
  @TempDir Path folder;

  private static Trouble trouble(PeerSource source) {
    SourceException e =
        assertThrows(
            SourceException.class, () -> Shelves.read(source, Shelves.file(CONTENT.length), SOME));
    return e.trouble();
  }

  @Test
  void readsOverTwoHundredConnectionsAtOnce() throws Exception {
    Shelf shelf = Shelves.of(Shelves.write(folder, CONTENT));
    try (ChunkServer server = Shelves.serve(Shelves.settings(0, 300, 300, null), shelf);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      PeerSource source = Shelves.source(server, null);
      CountDownLatch together = new CountDownLatch(200);
      List<Future<byte[]>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        ByteRange range = new ByteRange(i * 1000L, i * 1000L + 1_000_000);
        all.add(
            threads.submit(
                () -> {
                  try (ChunkStream stream = source.open(Shelves.file(CONTENT.length), range)) {
                    // All answers are open before the first is read.
                    together.countDown();
                    together.await();
                    byte[] into = new byte[1_000_000];
                    for (int got = 0; got < into.length; ) {
                      got += stream.read(into, got, into.length - got);
                    }
                    return into;
                  }
                }));
      }
      for (int i = 0; i < 200; i++) {
        assertArrayEquals(Wire.part(CONTENT, i * 1000, i * 1000 + 1_000_000), all.get(i).get());
      }
      Shelves.awaitServed(server, 200_000_000);
    }
  }

  @Test
  void aChunkThatIsNotThereIsBroken() throws IOException {
    Path file = Shelves.write(folder, CONTENT);
    try (ChunkServer server = Shelves.serve(Shelves.settings(), Shelves.of(file))) {
      PeerSource source = Shelves.source(server, null);
      Files.delete(file);
      Trouble.Broken broken = assertInstanceOf(Trouble.Broken.class, trouble(source));
      assertTrue(broken.what().contains(source + " no longer has"), broken.what());
    }
  }

  @Test
  void aBusyPeerSaysWhenToComeBack() throws IOException, SourceException {
    Path file = Shelves.write(folder, Shelves.content(64 << 20));
    try (ChunkServer server = Shelves.serve(Shelves.settings(0, 1, 1, null), Shelves.of(file))) {
      PeerSource source = Shelves.source(server, null);
      try (ChunkStream all = source.open(Shelves.file(64 << 20), new ByteRange(0, 64 << 20))) {
        assertTrue(all.read(new byte[100], 0, 100) > 0);
        Trouble.Busy busy = assertInstanceOf(Trouble.Busy.class, trouble(source));
        assertEquals(Duration.ZERO, busy.delay());
        all.abort();
      }
    }
  }

  @Test
  void aPeerThatIsGoneOrSilentIsBroken() throws IOException {
    PeerSource source;
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      int port = silent.getLocalPort();
      source = new PeerSource("127.0.0.1", port, null, null, Duration.ofMillis(300));
      Trouble.Broken broken = assertInstanceOf(Trouble.Broken.class, trouble(source));
      assertEquals("peer " + source + " sent no data for 300 ms", broken.what());
    }
    Trouble.Broken broken = assertInstanceOf(Trouble.Broken.class, trouble(source));
    assertEquals("peer " + source + " refused the connection", broken.what());
  }

  @Test
  void aServerThatStopsInTheMiddleIsBroken() throws Exception {
    Path file = Shelves.write(folder, Shelves.content(64 << 20));
    ChunkServer server = Shelves.serve(Shelves.settings(), Shelves.of(file));
    PeerSource source = Shelves.source(server, null);
    try (ChunkStream all = source.open(Shelves.file(64 << 20), new ByteRange(0, 64 << 20))) {
      assertTrue(all.read(new byte[100], 0, 100) > 0);
      server.close();
      SourceException e =
          assertThrows(
              SourceException.class,
              () -> {
                byte[] into = new byte[1 << 20];
                while (all.read(into, 0, into.length) > 0) {
                  // Until it breaks.
                }
              });
      assertInstanceOf(Trouble.Broken.class, e.trouble());
    }
  }

  @Test
  void anAbortedReaderFreesItsPlace() throws Exception {
    Path file = Shelves.write(folder, Shelves.content(64 << 20));
    try (ChunkServer server = Shelves.serve(Shelves.settings(0, 1, 1, null), Shelves.of(file))) {
      PeerSource source = Shelves.source(server, null);
      for (int i = 0; i < 20; i++) {
        ChunkStream all = null;
        while (all == null) {
          try {
            all = source.open(Shelves.file(64 << 20), new ByteRange(0, 64 << 20));
          } catch (SourceException e) {
            assertInstanceOf(Trouble.Busy.class, e.trouble());
          }
        }
        all.abort();
        all.close();
      }
      while (server.underWay() > 0) {
        Thread.sleep(10);
      }
    }
  }
}
