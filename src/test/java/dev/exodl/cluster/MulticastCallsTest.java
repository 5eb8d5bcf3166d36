package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MulticastCallsTest {
  private static final InetAddress CALLER = InetAddress.ofLiteral("192.0.2.7");

  private final List<String> details = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final BlockingQueue<InetSocketAddress> heard = new LinkedBlockingQueue<>();

  /** What is received one after the other, until it is closed: bytes, or what goes wrong. */
  private static final class Script extends MulticastSocket {
    private final Queue<Object> next;

    Script(List<Object> all) throws IOException {
      super(0);
      next = new ArrayDeque<>(all);
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
      switch (next.poll()) {
        case byte[] bytes -> {
          System.arraycopy(bytes, 0, packet.getData(), 0, bytes.length);
          packet.setLength(bytes.length);
          packet.setAddress(CALLER);
        }
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> {
          close();
          throw new SocketException("Socket closed");
        }
      }
    }
  }

  private void hear(ClusterKey key, Object... all) throws IOException {
    ClusterSettings settings =
        new ClusterSettings("calls", TestNode.loopback(), Discovery.multicast(), key);
    MulticastCalls calls =
        new MulticastCalls(
            (Discovery.Multicast) settings.discovery(), settings, details::add, warnings::add);
    calls.hear(new Script(List.of(all)), heard::add);
  }

  @Test
  void whateverGoesWrongItHearsOn() throws Exception {
    hear(
        null,
        new IllegalStateException("nobody thought of it"),
        new OutOfMemoryError("it passes"),
        new Call("calls", null).of(CALLER, 7820));
    assertEquals(new InetSocketAddress(CALLER, 7820), heard.poll(20, TimeUnit.SECONDS));
    assertEquals(1, details.size(), "" + details);
    assertEquals(List.of(), warnings);
  }

  @Test
  void rubbishHidesNobodyWithoutTheKey(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("key");
    ClusterKey.generate(file);
    byte[] keyless = new Call("calls", null).of(CALLER, 7820);
    hear(ClusterKey.load(file), new byte[3], new byte[4], keyless, keyless, new byte[5]);
    assertEquals(1, details.size(), "" + details);
    assertTrue(details.getFirst().contains("is no call"), details.getFirst());
    assertEquals(1, warnings.size(), "" + warnings);
    assertTrue(warnings.getLast().contains("does not have this cluster's key"));
  }
}
