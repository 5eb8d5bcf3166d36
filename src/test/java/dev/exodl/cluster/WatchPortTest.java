package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
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
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members of which the first one learns late where the others are. */
class WatchPortTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int PORT = 7836;

  private @Nullable JChannel first;
  private @Nullable JChannel second;
  private @Nullable JChannel third;

  /** What is below knows nobody but this node, or not that one, as long as it is told so. */
  private static final class Unknown extends Protocol {
    private volatile boolean hides = true;
    private volatile @Nullable Address hidden;

    @Override
    public Object down(Event event) {
      boolean asks = event.getType() == Event.GET_PHYSICAL_ADDRESS;
      return hides && asks && isHidden(event.getArg()) ? null : super.down(event);
    }

    private boolean isHidden(Address member) {
      Address one = hidden;
      return one == null ? !member.equals(getAddress()) : member.equals(one);
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
    Util.close(third, second, first);
  }

  @Test
  void whoIsNotKnownToBeAnywhereYetIsWatchedLaterAndNotSuspected() throws Exception {
    Unknown unknown = new Unknown();
    WatchPort watch = new WatchPort();
    JChannel one = channel(PORT, unknown, watch).connect("watched");
    first = one;
    JChannel two = channel(PORT + 1, new Protocol() {}, new WatchPort()).connect("watched");
    second = two;
    await("a view of two", () -> one.getView().size() == 2);
    Thread.sleep(1000);
    assertEquals("", watch.printSuspectHistory());
    assertEquals(2, one.getView().size());

    unknown.hides = false;
    await("watches", () -> watch.getClientState().equals("CONNECTED"));
    assertTrue(watch.getPingDest().contains(two.getAddressAsString()), watch::getPingDest);
  }

  /** Who is dead is noticed meanwhile, and who is known later is watched at its place. */
  @Test
  void othersAreWatchedMeanwhile() throws Exception {
    Unknown unknown = new Unknown();
    WatchPort watch = new WatchPort();
    JChannel one = channel(PORT, unknown, watch).connect("watched");
    first = one;
    JChannel two = channel(PORT + 1, new Protocol() {}, new WatchPort()).connect("watched");
    second = two;
    unknown.hidden = two.getAddress();
    JChannel three = channel(PORT + 2, new Protocol() {}, new WatchPort()).connect("watched");
    third = three;
    await("a view of three", () -> one.getView().size() == 3);
    await("the third", () -> watch.getPingDest().contains(three.getAddressAsString()));
    assertEquals("", watch.printSuspectHistory());

    Util.shutdown(three);
    await("a view without it", () -> one.getView().size() == 2);
    unknown.hides = false;
    await("the second", () -> watch.getPingDest().contains(two.getAddressAsString()));
    assertEquals(2, one.getView().size());
  }

  private static void await(String what, BooleanSupplier is) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!is.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertTrue(is.getAsBoolean(), what);
  }
}
