package dev.exodl.hub;

import dev.exodl.emulator.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server of the JDK's TLS on every address, of which its certificate names 127.0.0.1. */
final class TlsServer implements AutoCloseable {
  /** What it says on one connection. */
  interface Talk {
    /** The bare socket is below the other one, for what TLS would not send. */
    void on(SSLSocket tls, Socket bare) throws IOException;
  }

  private final ServerSocket listening = new ServerSocket(0);
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
  private final String protocol;
  private final Talk talk;

  /** What went wrong on the last connection that did not go as the talk wanted. */
  volatile @Nullable Throwable trouble;

  TlsServer(String protocol, Talk talk) throws IOException {
    this.protocol = protocol;
    this.talk = talk;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket bare = listening.accept();
        open.add(bare);
        Thread.ofVirtual().start(() -> serve(bare));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket bare) {
    try {
      SSLSocket tls =
          (SSLSocket)
              TestCertificate.shared()
                  .serverContext()
                  .getSocketFactory()
                  .createSocket(bare, null, bare.getPort(), false);
      tls.setUseClientMode(false);
      tls.setEnabledProtocols(new String[] {protocol});
      tls.startHandshake();
      talk.on(tls, bare);
    } catch (IOException | AssertionError e) {
      trouble = e;
    }
  }

  /**
   * A socket to it. What it says comes in pieces of so many bytes, and ends after so many.
   *
   * @param step 0 for as it comes
   */
  Socket connect(int step, long cutAfter) throws IOException {
    Socket direct = new Socket(InetAddress.getLoopbackAddress(), port());
    open.add(direct);
    if (step == 0) {
      return direct;
    }
    try (ServerSocket between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Socket client = new Socket(InetAddress.getLoopbackAddress(), between.getLocalPort());
      Socket relay = between.accept();
      relay.setTcpNoDelay(true);
      open.add(relay);
      open.add(client);
      Thread.ofVirtual().start(() -> pump(relay, direct, Integer.MAX_VALUE, Long.MAX_VALUE));
      Thread.ofVirtual().start(() -> pump(direct, relay, step, cutAfter));
      return client;
    }
  }

  private static void pump(Socket from, Socket to, int step, long cutAfter) {
    try (to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[Math.min(step, 1 << 16)];
      long left = cutAfter;
      while (left > 0) {
        int count = in.read(bytes, 0, (int) Math.min(bytes.length, left));
        if (count < 0) {
          return;
        }
        out.write(bytes, 0, count);
        left -= count;
      }
    } catch (IOException e) {
      // One side is gone, and so is the other then.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
