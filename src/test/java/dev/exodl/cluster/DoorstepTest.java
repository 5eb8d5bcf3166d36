package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DoorstepTest {
  private final Doorstep doorstep = new Doorstep();

  private static final class Stranger extends Socket {
    private final InetAddress host;
    private final CountDownLatch closed = new CountDownLatch(1);

    Stranger(int host) {
      this.host = InetAddress.ofLiteral("192.0.2." + host);
    }

    @Override
    public InetAddress getInetAddress() {
      return host;
    }

    @Override
    public synchronized void close() {
      closed.countDown();
    }

    boolean isRefused() throws InterruptedException {
      return closed.await(10, TimeUnit.SECONDS);
    }
  }

  private Stranger come(int host) {
    Stranger stranger = new Stranger(host);
    doorstep.come(stranger);
    return stranger;
  }

  private static long refused(List<Stranger> strangers) {
    return strangers.stream().filter(s -> s.closed.getCount() == 0).count();
  }

  @Test
  void aHostsFirstGivesWayToItsNext() throws Exception {
    Stranger other = come(1);
    List<Stranger> ofHost = new ArrayList<>();
    for (int i = 0; i < Doorstep.OF_A_HOST; i++) {
      ofHost.add(come(2));
    }
    assertEquals(0, refused(ofHost));
    come(2);
    assertTrue(ofHost.getFirst().isRefused());
    assertEquals(1, refused(ofHost));
    assertEquals(1, other.closed.getCount());
  }

  @Test
  void whenAllIsFullTheFirstGivesWay() throws Exception {
    List<Stranger> all = new ArrayList<>();
    for (int i = 0; i < Doorstep.PLACES; i++) {
      all.add(come(i % 100));
    }
    assertEquals(0, refused(all));
    come(200);
    assertTrue(all.getFirst().isRefused());
    assertEquals(1, refused(all));
    assertFalse(doorstep.leave(all.getFirst()));
  }

  @Test
  void whoWasLetInTakesNoPlace() {
    List<Stranger> all = new ArrayList<>();
    for (int i = 0; i < 2 * Doorstep.OF_A_HOST; i++) {
      Stranger stranger = come(1);
      assertTrue(doorstep.leave(stranger));
      all.add(stranger);
    }
    doorstep.close();
    assertEquals(0, refused(all));
  }
}
