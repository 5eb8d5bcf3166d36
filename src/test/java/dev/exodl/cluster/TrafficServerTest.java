package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.DataInput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Address;
import org.jgroups.Version;
import org.jgroups.blocks.cs.ReceiverAdapter;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.DefaultThreadFactory;
import org.jgroups.util.SocketFactory;
import org.jgroups.util.Util;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real sockets, with TLS where nothing else is said. */
class TrafficServerTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  private final BlockingQueue<Integer> came = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private SocketFactory tls;

  @BeforeEach
  void makeKey(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("key");
    ClusterKey.generate(file);
    tls = Objects.requireNonNull(Stack.tls(ClusterKey.load(file), text -> {}));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    threads.shutdownNow();
  }

  private TrafficServer server(SocketFactory sockets) throws Exception {
    TrafficServer server =
        new TrafficServer(
            new DefaultThreadFactory("test", true).useVirtualThreads(true),
            sockets,
            InetAddress.getLoopbackAddress(),
            0,
            0);
    server
        .usePeerConnections(true)
        .clientBindAddress(InetAddress.getLoopbackAddress())
        .receiver(
            new ReceiverAdapter() {
              @Override
              public void receive(Address from, DataInput in, int length) throws Exception {
                in.readFully(new byte[length]);
                came.add(length);
              }
            });
    server.start();
    open.add(server);
    return server;
  }

  /** Its connections are accepted by the system, as those of a stopped process are. */
  private ServerSocket silent() throws IOException {
    ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    open.add(silent);
    return silent;
  }

  private static Address address(ServerSocket socket) {
    return new IpAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
  }

  private Socket connect(TrafficServer to) throws IOException {
    IpAddress at = (IpAddress) to.localAddress();
    Socket socket = new Socket(at.getIpAddress(), at.getPort());
    open.add(socket);
    return socket;
  }

  private void awaitHello() throws InterruptedException {
    assertEquals(HELLO.length, came.poll(20, TimeUnit.SECONDS));
  }

  private static void send(TrafficServer from, Address to) throws Exception {
    from.send(to, HELLO, 0, HELLO.length);
  }

  @Test
  void whoSaysNothingKeepsNobodyOut() throws Exception {
    TrafficServer server = server(tls);
    for (int i = 0; i < 2 * Doorstep.OF_A_HOST; i++) {
      connect(server);
    }
    send(server(tls), server.localAddress());
    awaitHello();
  }

  @Test
  void whoSaysAByteNowAndThenIsRefused() throws Exception {
    for (SocketFactory sockets : List.of(tls, new DefaultSocketFactory())) {
      Socket stranger = connect(server(sockets));
      Future<?> drips =
          threads.submit(
              () -> {
                OutputStream out = stranger.getOutputStream();
                // A record of TLS with 256 bytes to come.
                for (byte b : new byte[] {22, 3, 1, 1, 0}) {
                  out.write(b);
                }
                while (true) {
                  Thread.sleep(300);
                  out.write(0);
                }
              });
      stranger.setSoTimeout(30_000);
      assertEquals(-1, firstOf(stranger), "it ends");
      drips.cancel(true);
    }
  }

  private static int firstOf(Socket socket) throws IOException {
    try {
      int last = socket.getInputStream().read();
      while (last >= 0) {
        last = socket.getInputStream().read();
      }
      return last;
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (SocketException e) {
      return -1;
    }
  }

  @Test
  void whoConnectsToOneThatIsSilentConnectsOnceAndInVain() throws Exception {
    TrafficServer server = server(tls);
    ServerSocket silent = silent();
    List<Future<?>> sends = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      sends.add(
          threads.submit(
              () -> {
                send(server, address(silent));
                return null;
              }));
    }
    for (Future<?> send : sends) {
      Throwable why =
          assertThrows(ExecutionException.class, () -> send.get(30, TimeUnit.SECONDS)).getCause();
      assertInstanceOf(SocketTimeoutException.class, why);
    }
    silent.setSoTimeout(100);
    silent.accept().close();
    assertThrows(SocketTimeoutException.class, silent::accept, "a second connection");
  }

  /** Its address stays locked as long as this node tries to connect to it. */
  @Test
  void whoConnectsToOneThatIsSilentLetsOthersIn() throws Exception {
    TrafficServer server = server(tls);
    ServerSocket silent = silent();
    threads.submit(
        () -> {
          send(server, address(silent));
          return null;
        });
    open.add(silent.accept());
    Socket comes = tls.createSocket("test");
    open.add(comes);
    IpAddress at = (IpAddress) server.localAddress();
    comes.connect(new java.net.InetSocketAddress(at.getIpAddress(), at.getPort()));
    DataOutputStream out = new DataOutputStream(comes.getOutputStream());
    out.write("bela".getBytes(StandardCharsets.US_ASCII));
    out.writeShort(Version.version);
    out.writeShort(address(silent).serializedSize());
    address(silent).writeTo(out);
    out.flush();
    send(server(tls), server.localAddress());
    awaitHello();
  }

  @Test
  void whoCannotAcceptTriesAgain() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    SocketFactory failing =
        new DefaultSocketFactory() {
          @Override
          public ServerSocket createServerSocket(String service) throws IOException {
            return new ServerSocket() {
              @Override
              public Socket accept() throws IOException {
                switch (failures.incrementAndGet()) {
                  case 1 -> throw new SocketException("Too many open files");
                  case 2 -> throw new OutOfMemoryError("unable to create native thread");
                  default -> {
                    return super.accept();
                  }
                }
              }
            };
          }
        };
    TrafficServer server = server(failing);
    send(server(new DefaultSocketFactory()), server.localAddress());
    awaitHello();
  }

  @Test
  void whoNeverStartedLeavesItsPort() throws Exception {
    TrafficServer server =
        new TrafficServer(
            new DefaultThreadFactory("test", true),
            new DefaultSocketFactory(),
            InetAddress.getLoopbackAddress(),
            0,
            0);
    Util.close(server);
    IpAddress was = (IpAddress) server.localAddress();
    new ServerSocket(was.getPort(), 1, was.getIpAddress()).close();
  }
}
