package dev.exodl.share;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkSourceContract;
import dev.exodl.model.RepoFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What every source keeps, kept by a peer. */
class PeerSourceContractTest extends ChunkSourceContract {
  private static final byte[] CONTENT = Shelves.content(300_000);
  @TempDir Path folder;
  private ChunkServer server;
  private ServerSocket stalling;

  @BeforeEach
  void serve() throws IOException {
    server = Shelves.serve(Shelves.settings(), Shelves.of(Shelves.write(folder, CONTENT)));
    stalling = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::answerABit);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    stalling.close();
  }

  /** Answers each request with the first 1000 bytes of all that were promised. */
  private void answerABit() {
    try {
      while (true) {
        Socket socket = stalling.accept();
        socket.getInputStream().read(new byte[4096]);
        String head =
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-299999/*\r\n"
                + "Content-Length: 300000\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(CONTENT, 0, 1000);
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  @Override
  protected ChunkSource source() {
    return Shelves.source(server, null);
  }

  @Override
  protected RepoFile file() {
    return Shelves.file(CONTENT.length);
  }

  @Override
  protected byte[] content() {
    return CONTENT;
  }

  @Override
  protected ChunkSource stalling() {
    return new PeerSource("127.0.0.1", stalling.getLocalPort(), null, null, Duration.ofSeconds(60));
  }
}
