package dev.exodl.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy on loopback, for tests of {@code HTTP_PROXY} and its like: forwards whole-URL
 * requests, tunnels CONNECT, can ask for a password or fail. One request a connection.
 */
public final class ForwardProxy implements AutoCloseable {

  /**
   * A request as the proxy saw it.
   *
   * @param target whole URL, or host:port for CONNECT
   * @param head request line and headers, with CRLFs
   */
  public record Seen(String method, String target, String head) {}

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private volatile @Nullable String credentials;
  private volatile int failure;

  private ForwardProxy(ServerSocket server) {
    this.server = server;
    Thread.ofPlatform().daemon().name("accept proxy").start(this::accept);
  }

  public static ForwardProxy start() {
    try {
      return new ForwardProxy(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without credentials, whether they are asked for or not. */
  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Answers 407 to whoever does not send these. */
  public ForwardProxy require(String user, String password) {
    var both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    credentials = "Basic " + Base64.getEncoder().encodeToString(both);
    return this;
  }

  /** Answers every request with this status instead of forwarding; 0 ends it. */
  public ForwardProxy failWith(int status) {
    failure = status;
    return this;
  }

  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var client = server.accept();
        sockets.add(client);
        threads.submit(() -> serve(client));
      } catch (IOException e) {
        // A connection that failed in the backlog, or the end: the loop's condition tells.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var head = head(client.getInputStream());
      var line = head.substring(0, head.indexOf("\r\n")).split(" ");
      seen.add(new Seen(line[0], line[1], head));
      var wanted = credentials;
      if (wanted != null
          && !head.matches("(?s).*\r\n(?i:Proxy-Authorization): \\Q" + wanted + "\\E\r\n.*")) {
        say(
            client,
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n");
      } else if (failure != 0) {
        say(client, "HTTP/1.1 " + failure + " Failure of the proxy\r\n");
      } else if (line[0].equals("CONNECT")) {
        tunnel(client, line[1]);
      } else {
        forward(client, head, URI.create(line[1].replaceFirst("\\?.*", "")), line[1]);
      }
    } catch (IOException | RuntimeException e) {
      // The client or the server left, or sent what a proxy cannot forward: closing says so.
    } finally {
      sockets.remove(client);
    }
  }

  private static void say(Socket client, String head) throws IOException {
    write(client, head + "Content-Length: 0\r\nConnection: close\r\n\r\n");
  }

  private void tunnel(Socket client, String target) throws IOException {
    int colon = target.lastIndexOf(':');
    try (var upstream =
        new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)))) {
      sockets.add(upstream);
      write(client, "HTTP/1.1 200 Connection established\r\n\r\n");
      pump(client, upstream);
    }
  }

  private void forward(Socket client, String head, URI to, String url) throws IOException {
    try (var upstream = new Socket(to.getHost(), to.getPort() < 0 ? 80 : to.getPort())) {
      sockets.add(upstream);
      var target = url.substring(url.indexOf('/', "http://".length()));
      var plain =
          head.replaceFirst("(?<=^\\S{1,9} )\\S+", java.util.regex.Matcher.quoteReplacement(target))
              .replaceAll("(?i)\r\n(Proxy-[^:]*|Connection): [^\r]*", "");
      write(upstream, plain.substring(0, plain.length() - 2) + "Connection: close\r\n\r\n");
      pump(client, upstream);
    }
  }

  /** Copies both ways until the upstream ends. */
  private void pump(Socket client, Socket upstream) throws IOException {
    threads.submit(
        () -> {
          client.getInputStream().transferTo(upstream.getOutputStream());
          upstream.shutdownOutput();
          return null;
        });
    try {
      upstream.getInputStream().transferTo(client.getOutputStream());
    } finally {
      sockets.remove(upstream);
    }
  }

  private static void write(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0 || head.length() > 64 << 10) {
        throw new IOException("no request");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (var socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
