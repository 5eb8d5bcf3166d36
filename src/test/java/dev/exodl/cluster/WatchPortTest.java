package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two members, of which the first one learns late where the second one is. */
class WatchPortTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int PORT = 7836;

  private JChannel first;
  private JChannel second;

  /** What is below knows nobody but this node, as long as it is told so. */
  private static final class Unknown extends Protocol {
    private volatile boolean hides = true;

    @Override
    public Object down(Event event) {
      boolean asks = event.getType() == Event.GET_PHYSICAL_ADDRESS;
      return hides && asks && !Objects.equals(event.<Address>getArg(), getAddress())
          ? null
          : super.down(event);
    }
  }

  private static JChannel channel(int port, Protocol below, WatchPort watch) throws Exception {
    TP transport = new Traffic(null);
    transport.setBindAddress(LOOPBACK).setBindPort(port).setPortRange(0);
    transport.setBundlerType("no-bundler");
    TCPPING ping = new TCPPING();
    ping.initialHosts(List.of(new InetSocketAddress(LOOPBACK, PORT)));
    watch.setBindAddress(LOOPBACK).setOffset(Ports.TO_WATCHED).setPortRange(1);
    return new JChannel(
        transport,
        ping,
        below,
        watch,
        new NAKACK2().useMcastXmit(false),
        new UNICAST3(),
        new GMS().setJoinTimeout(500).printLocalAddress(false));
  }

  @AfterEach
  void close() {
    second.close();
    first.close();
  }

  @Test
  void whoIsNotKnownToBeAnywhereYetIsWatchedLaterAndNotSuspected() throws Exception {
    Unknown unknown = new Unknown();
    WatchPort watch = new WatchPort();
    first = channel(PORT, unknown, watch).connect("watched");
    second = channel(PORT + 1, new Protocol() {}, new WatchPort()).connect("watched");
    await("a view of two", () -> first.getView().size() == 2);
    Thread.sleep(1000);
    assertEquals("", watch.printSuspectHistory());
    assertEquals(2, first.getView().size());

    unknown.hides = false;
    await("watches", () -> watch.getClientState().equals("CONNECTED"));
    assertTrue(watch.getPingDest().contains(second.getAddressAsString()), watch::getPingDest);
  }

  private static void await(String what, BooleanSupplier is) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!is.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertTrue(is.getAsBoolean(), what);
  }
}
