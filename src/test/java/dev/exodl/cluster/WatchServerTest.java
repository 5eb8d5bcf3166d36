package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.util.DefaultSocketFactory;
import org.jgroups.util.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchServerTest {
  @Test
  void whoCannotAcceptTriesAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    CountDownLatch accepted = new CountDownLatch(1);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    WatchServer server =
        new WatchServer(
            new DefaultThreadFactory("test", true), new DefaultSocketFactory(), loopback, 0) {
          @Override
          @Nullable SocketChannel accept() throws IOException {
            switch (tries.incrementAndGet()) {
              case 1 -> throw new IOException("Too many open files");
              case 2 -> throw new OutOfMemoryError("it passes");
              default -> {
                SocketChannel one = super.accept();
                accepted.countDown();
                return one;
              }
            }
          }
        };
    server.start();
    try (Socket _ = new Socket(loopback, server.getChannel().socket().getLocalPort())) {
      assertTrue(accepted.await(20, TimeUnit.SECONDS));
      assertEquals(3, tries.get());
      server.closeConnection((Connection) null, true);
      assertTrue(server.acceptorRunning());
    } finally {
      server.stop();
    }
  }
}
