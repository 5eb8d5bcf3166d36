package dev.exodl.emulator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Accepts the connections of one host; can refuse them for a while. */
final class Listener implements AutoCloseable {

  private static final AtomicLong CONNECTIONS = new AtomicLong();

  private final Host host;
  private final EmulatorOptions options;
  private final @Nullable TestCertificate certificate;
  private final HubSettings settings;
  private final RequestLog log;
  private final Responder responder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private ServerSocket server;
  private final int port;
  private volatile boolean closed;

  Listener(
      Host host,
      EmulatorOptions options,
      @Nullable TestCertificate certificate,
      HubSettings settings,
      RequestLog log,
      Responder responder)
      throws IOException {
    this.host = host;
    this.options = options;
    this.certificate = certificate;
    this.settings = settings;
    this.log = log;
    this.responder = responder;
    this.server = bind(options.port(host));
    this.port = server.getLocalPort();
    accept(server);
  }

  String url() {
    return (certificate == null ? "http" : "https") + "://" + options.hostName() + ":" + port;
  }

  /** Stops listening, so that the kernel refuses connections; open ones go on. */
  synchronized void refuse() {
    try {
      server.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Listens again on the same port; nothing to do if it does already. */
  synchronized void listen() {
    if (server.isClosed() && !closed) {
      try {
        server = bind(port);
        accept(server);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  void refuseFor(Duration duration) {
    refuse();
    threads.submit(
        () -> {
          Thread.sleep(duration);
          listen();
          return null;
        });
  }

  /** Closes all open connections (by reset, as a machine that went down). */
  void dropConnections() {
    sockets.forEach(this::reset);
  }

  private void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      sockets.remove(socket); // it is gone already
    }
  }

  private ServerSocket bind(int wanted) throws IOException {
    var bound =
        certificate == null
            ? new ServerSocket()
            : certificate.serverContext().getServerSocketFactory().createServerSocket();
    bound.setReuseAddress(true);
    bound.bind(new InetSocketAddress(options.bindAddress(), wanted), 1024);
    return bound;
  }

  /**
   * On a platform thread: while a virtual one waits in accept, the JDK closes the socket only when
   * that thread has run again, and until then the kernel goes on taking connections. What was taken
   * but not served yet when listening ended is reset, else it would outlive {@link
   * #dropConnections}.
   */
  private void accept(ServerSocket from) {
    Thread.ofPlatform().daemon().name("accept " + host).start(() -> acceptFrom(from));
  }

  private void acceptFrom(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        var socket = from.accept();
        sockets.add(socket);
        if (from.isClosed()) {
          reset(socket);
        }
        threads.submit(() -> serve(socket));
      } catch (IOException | RejectedExecutionException e) {
        // Closed, or a TLS socket that could not be made: the loop's condition tells which.
      }
    }
  }

  private void serve(Socket socket) {
    log.connectionOpened(host);
    try (socket) {
      if (log.openConnections(host) > settings.maxConnections()) {
        return;
      }
      socket.setTcpNoDelay(true);
      socket.setSendBufferSize(options.sendBuffer());
      var reader = new RequestReader(socket);
      var writer = new AnswerWriter(socket, reader, settings);
      long connection = CONNECTIONS.incrementAndGet();
      boolean goOn = true;
      while (goOn && !closed) {
        var request = reader.next((int) settings.idleTimeout().toMillis());
        goOn = request != null && responder.respond(host, connection, request, writer);
      }
    } catch (IOException e) {
      // The peer left, or the emulator is closing: both are everyday, and the log shows how far it
      // came.
    } finally {
      sockets.remove(socket);
      log.connectionClosed(host);
    }
  }

  @Override
  public void close() {
    closed = true;
    refuse();
    dropConnections();
    threads.shutdownNow();
  }
}
