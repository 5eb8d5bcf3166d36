package dev.exodl.share;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives other nodes the chunks on a {@link Shelf}: HTTP/1.1, {@code GET /v1/blobs/HEX} with one
 * {@code Range}, answered by sendfile(2), or encrypted by TLS. 401 without the right signature when
 * there is a secret, 404 when not all of the range is here, 416 for a range that is none, 503 when
 * enough is being served already. What a stranger can take up is bounded: connections in all and
 * from one address, of which it has to give way to who comes later, the length of a request, the
 * time until it is whole, the time an answer may stand still.
 */
public final class ChunkServer implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 512;
  private static final int MOST_CONNECTIONS_OF_ONE = 256;
  private static final int BACKLOG = 256;

  /** The JDK's client drops idle connections after 5 s by itself. */
  private static final Duration REQUEST_TIME = Duration.ofSeconds(15);

  /** Of who has not shown yet that it belongs here; nodes ask as soon as they are connected. */
  private static final Duration STRANGERS_TIME = Duration.ofSeconds(3);

  /** A peer that takes less than 1 MiB in so many times that time is given up. */
  private static final int STANDSTILL = 2;

  private static final int MOST_LOOPS = 4;
  private static final long BEGIN_SECONDS = 10;
  private static final long END_SECONDS = 5;

  private final Duration requestTime;
  private final @Nullable TlsIdentity tls;
  private final Vertx vertx;
  private final Desk desk;
  private final Pace pace;
  private final ServeListener listener;
  private final LongAdder served = new LongAdder();
  private final Places places = new Places(MOST_CONNECTIONS, MOST_CONNECTIONS_OF_ONE);
  private final Set<PeerConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile int port;

  private ChunkServer(
      ServeSettings settings,
      Shelf shelf,
      ServeListener listener,
      Duration requestTime,
      LongSupplier seconds) {
    this.requestTime = requestTime;
    this.tls = settings.tls();
    this.desk = new Desk(settings, shelf, listener, seconds);
    this.pace = new Pace(settings.maxBytesPerSecond(), System::nanoTime);
    this.listener = listener;
    this.vertx = Vertx.vertx(vertxOptions());
  }

  /**
   * Listens and serves until {@link #close()}.
   *
   * @throws FailureException cluster failure when the address cannot be listened at
   */
  public static ChunkServer start(ServeSettings settings, Shelf shelf, ServeListener listener) {
    return start(settings, shelf, listener, REQUEST_TIME);
  }

  /** With another time until a request has to be whole. */
  static ChunkServer start(
      ServeSettings settings, Shelf shelf, ServeListener listener, Duration requestTime) {
    return start(settings, shelf, listener, requestTime, SteadyTime.ofSystem());
  }

  /** And with a clock as {@link SignatureCheck} needs it. */
  static ChunkServer start(
      ServeSettings settings,
      Shelf shelf,
      ServeListener listener,
      Duration requestTime,
      LongSupplier seconds) {
    ChunkServer server = new ChunkServer(settings, shelf, listener, requestTime, seconds);
    try {
      server.listen(settings);
      return server;
    } catch (ExecutionException | TimeoutException e) {
      server.close();
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      throw new FailureException(
          new Failure.Cluster(
              "the chunk server cannot listen: " + cause.getMessage(),
              settings.bind().getHostAddress() + ":" + settings.port(),
              "give an address of this machine and a port that is free"),
          e);
    }
  }

  private static int loops() {
    return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_LOOPS);
  }

  private static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(loops())
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        // Reading from a slow disk stops an event loop for long; that is nothing to warn about.
        .setBlockedThreadCheckInterval(TimeUnit.DAYS.toMillis(1))
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  private void listen(ServeSettings settings) throws ExecutionException, TimeoutException {
    NetServerOptions options =
        new NetServerOptions()
            .setHost(settings.bind().getHostAddress())
            // Servers with the same negative port share one free port.
            .setPort(settings.port() == 0 ? -1 : settings.port())
            .setAcceptBacklog(BACKLOG)
            .setTcpNoDelay(true);
    if (tls != null) {
      tls.describe(options);
    }
    // Each has an event loop of its own, and connections go to them in turn.
    for (int i = 0; i < loops(); i++) {
      NetServer loop =
          vertx
              .createNetServer(options)
              .connectHandler(this::accept)
              .exceptionHandler(e -> listener.detail("a connection broke: " + e.getMessage()));
      port = await(loop.listen(), BEGIN_SECONDS).actualPort();
    }
    long nanos = requestTime.toNanos();
    long strangers = Math.min(nanos, STRANGERS_TIME.toNanos());
    vertx.setPeriodic(
        TimeUnit.NANOSECONDS.toMillis(strangers) / 3,
        t ->
            connections.forEach(
                c -> c.closeWhenIdle(c.belongs() ? nanos : strangers, STANDSTILL * nanos)));
  }

  private void accept(NetSocket socket) {
    InetAddress peer = address(socket.remoteAddress()).getAddress();
    PeerConnection connection =
        new PeerConnection(socket, peer, address(socket.localAddress()), vertx, desk, pace, served);
    if (!places.take(connection)) {
      socket.close();
      return;
    }
    connections.add(connection);
    connection.begin(
        () -> {
          connections.remove(connection);
          places.giveBack(connection);
        });
    // Not before the connection is counted: who says nothing must not be let in beside the others.
    if (tls != null) {
      connection.encrypt();
    }
  }

  private static InetSocketAddress address(SocketAddress address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address.hostAddress()), address.port());
  }

  private static <T> T await(Future<T> future, long seconds)
      throws ExecutionException, TimeoutException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }

  /** The port it listens at. */
  public int port() {
    return port;
  }

  /** Bytes of files sent so far, in all. */
  public long served() {
    return served.sum() + connections.stream().mapToLong(PeerConnection::underWay).sum();
  }

  /** Answers with bytes that are being sent now. */
  public int underWay() {
    return desk.underWay();
  }

  /** Stops at once: answers under way break off. May be called twice and from any thread. */
  @Override
  public void close() {
    try {
      await(vertx.close(), END_SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Nothing is left that could matter: its threads end with the process.
      listener.detail("the chunk server was slow to stop: " + e.getMessage());
    }
  }
}
