package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jgroups.PhysicalAddress;
import org.jgroups.Version;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.TimeScheduler;
import org.jgroups.util.Util;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transport of a node that is alone, with a key: so who is silent takes time. */
class TrafficTest {
  @TempDir Path folder;
  private TestNode node;

  private Traffic start() {
    Path file = folder.resolve("key");
    ClusterKey.generate(file);
    node =
        TestNode.join(
            new ClusterSettings(
                "traffic-" + ProcessHandle.current().pid(),
                TestNode.loopback(),
                Discovery.parse("multicast:239.192.78.21"),
                ClusterKey.load(file)));
    return node.cluster().channel().getProtocolStack().findProtocol(Traffic.class);
  }

  @AfterEach
  void leave() {
    node.close();
  }

  @Test
  void whatWaitsHoldsNothingUpThatIsTimed() throws Exception {
    TimeScheduler timer = start().getTimer();
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch others = new CountDownLatch(2);
    Runnable waits =
        () -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    timer.execute(waits, false);
    timer.schedule(waits, 1, TimeUnit.MILLISECONDS, false);
    timer.scheduleWithFixedDelay(others::countDown, 5, 5, TimeUnit.MILLISECONDS, false);
    assertTrue(others.await(20, TimeUnit.SECONDS));
    end.countDown();
  }

  /** Each takes three seconds, or they could not tell that they wait for one another. */
  @Test
  void membersThatAreSilentHoldUpNoOther() throws Exception {
    Traffic traffic = start();
    InetAddress loopback = TestNode.loopback().address();
    byte[] told = "told".getBytes(StandardCharsets.UTF_8);
    List<ServerSocket> silent = new ArrayList<>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        silent.add(new ServerSocket(0, 5, loopback));
      }
      List<PhysicalAddress> members =
          silent.stream()
              .<PhysicalAddress>map(s -> new IpAddress(loopback, s.getLocalPort()))
              .toList();
      Future<?> tells =
          pool.submit(
              () -> {
                traffic.sendUnicasts(members, told, 0, told.length);
                return null;
              });
      tells.get(20, TimeUnit.SECONDS);
      for (ServerSocket member : silent) {
        member.setSoTimeout(20_000);
        member.accept().close();
      }
    } finally {
      for (ServerSocket member : silent) {
        member.close();
      }
    }
  }

  /** JGroups makes an array as long as a bundle says, for which there is no memory. */
  @Test
  void bundlesAreRefused() throws Exception {
    Traffic traffic = start();
    ByteArrayDataOutputStream bundle = new ByteArrayDataOutputStream();
    bundle.writeShort(Version.version);
    bundle.writeByte(1);
    Util.writeAddress(null, bundle);
    Util.writeAddress(node.cluster().channel().getAddress(), bundle);
    bundle.writeShort(-1);
    bundle.writeInt(Integer.MAX_VALUE);
    ByteArrayDataInputStream in =
        new ByteArrayDataInputStream(bundle.buffer(), 0, bundle.position());
    assertThrows(
        IllegalArgumentException.class, () -> traffic.receive(null, in, bundle.position()));
  }
}
