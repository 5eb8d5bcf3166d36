package dev.exodl.hub;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A SOCKS5 proxy on loopback that wants a user and password (RFC 1928, 1929). */
final class SocksProxy implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger connections = new AtomicInteger();
  private final String login;

  SocksProxy(String user, String password) throws IOException {
    this.login = user + ":" + password;
    threads.execute(
        () -> {
          while (!server.isClosed()) {
            try {
              Socket client = server.accept();
              threads.execute(() -> serve(client));
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  int port() {
    return server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      in.readUnsignedByte();
      in.skipNBytes(in.readUnsignedByte());
      out.write(new byte[] {5, 2});
      in.readUnsignedByte();
      String user = text(in);
      boolean known = login.equals(user + ":" + text(in));
      out.write(new byte[] {1, (byte) (known ? 0 : 1)});
      if (!known) {
        return;
      }
      in.skipNBytes(3);
      int kind = in.readUnsignedByte();
      String host =
          kind == 3
              ? text(in)
              : InetAddress.getByAddress(in.readNBytes(kind == 1 ? 4 : 16)).getHostAddress();
      try (Socket upstream = new Socket(host, in.readUnsignedShort())) {
        connections.incrementAndGet();
        out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        threads.execute(() -> copy(client, upstream));
        upstream.getInputStream().transferTo(out);
      }
    } catch (IOException e) {
      // One side left: closing both says so.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // As above.
    }
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
