package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TP;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Responses;
import org.jgroups.util.Tuple;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Discovery with nothing below it but what notes who is asked. */
class AddressPingTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Address SELF = new UUID(0, 0);

  private final Below below = new Below();
  private final Source source = new Source();
  private final AddressPing ping = new AddressPing(source, "test", text -> {});
  private JChannel channel;

  private static final class Below extends Protocol {
    private final Map<Address, PhysicalAddress> where = new HashMap<>();
    private final List<Address> asked = new ArrayList<>();

    @Override
    public Object down(Event event) {
      switch (event.getType()) {
        case Event.GET_PHYSICAL_ADDRESS -> {
          return where.get((Address) event.getArg());
        }
        case Event.ADD_PHYSICAL_ADDRESS -> {
          Tuple<Address, PhysicalAddress> told = event.getArg();
          return where.putIfAbsent(told.val1(), told.val2()) == null;
        }
        default -> {
          return null;
        }
      }
    }

    @Override
    public Object down(Message message) {
      asked.add(message.getDest());
      return null;
    }

    Set<Address> asked() {
      Set<Address> all = new HashSet<>(asked);
      asked.clear();
      return all;
    }
  }

  private static final class Source implements AddressSource {
    private final AtomicInteger questions = new AtomicInteger();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean hangs;

    @Override
    public Set<InetSocketAddress> addresses(InetSocketAddress self) {
      questions.incrementAndGet();
      if (hangs) {
        asked.countDown();
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return Set.of(new InetSocketAddress(LOOPBACK, 7820), new InetSocketAddress(LOOPBACK, 7821));
    }
  }

  @BeforeEach
  void build() throws Exception {
    TP transport = new Traffic(null);
    transport.setBindAddress(LOOPBACK).setBindPort(7820).setBundlerType("no-bundler");
    channel = new JChannel(transport, below, ping);
    channel.setDiscardOwnMessages(true);
    ping.setAddress(SELF);
    ping.setClusterName("test");
    ping.sendCacheOnJoin(false);
    below.where.put(SELF, at(7820));
  }

  @AfterEach
  void close() {
    source.end.countDown();
    channel.close();
  }

  private static PhysicalAddress at(int port) {
    return new IpAddress(LOOPBACK, port);
  }

  private Set<Address> discover() {
    ping.findMembers(null, false, new Responses(0, false));
    return below.asked();
  }

  private void view(int... others) {
    List<Address> members = new ArrayList<>(List.of(SELF));
    for (int i : others) {
      members.add(new UUID(0, i));
      below.where.put(new UUID(0, i), at(9000 + i));
    }
    ping.down(new Event(Event.VIEW_CHANGE, new View(SELF, 1, members)));
    below.asked();
  }

  @Test
  void whoWasInAViewIsAskedAfterwards() {
    view(1, 2);
    view(1);
    assertEquals(Set.of(at(7821), at(9001), at(9002)), discover());
  }

  @Test
  void whereAnybodySaysThatNodesAreNobodyIsAskedAgain() {
    for (int i = 1; i < 3000; i++) {
      PhysicalAddress victim = new IpAddress(InetAddress.ofLiteral("192.0.2.1"), i);
      ping.down(new Event(Event.ADD_PHYSICAL_ADDRESS, new Tuple<>(new UUID(1, i), victim)));
      ping.discoveryRequestReceived(new UUID(1, i), "x", victim);
    }
    below.asked();
    assertEquals(Set.of(at(7821)), discover());
  }

  @Test
  void aMessageThatTellsOfManyIsIgnored() {
    List<PingData> many = new ArrayList<>();
    for (int i = 1; i < 2000; i++) {
      many.add(new PingData(new UUID(1, i), true, "x", at(10_000 + i)));
    }
    receive(org.jgroups.protocols.Discovery.marshal(many).getArray());
    receive(new byte[] {0x7f, 0, 0, 0});
    receive(new byte[0]);
    receive(null);
    assertEquals(1, below.where.size());
    assertEquals(Set.of(), below.asked());
    receive(org.jgroups.protocols.Discovery.marshal(many.getFirst()).getArray());
    assertEquals(2, below.where.size());
  }

  private void receive(byte[] content) {
    for (byte type : new byte[] {PingHeader.GET_MBRS_REQ, PingHeader.GET_MBRS_RSP}) {
      Message message =
          new BytesMessage(null, content)
              .setSrc(new UUID(1, 1))
              .putHeader(ping.getId(), new PingHeader(type).clusterName("test"));
      ping.up(message);
    }
  }

  @Test
  void aSourceThatHangsHoldsOneThread() throws Exception {
    assertEquals(Set.of(at(7821)), discover());
    source.hangs = true;
    Thread first = Thread.ofVirtual().start(this::discover);
    assertTrue(source.asked.await(20, TimeUnit.SECONDS));
    assertEquals(Set.of(at(7821)), discover(), "those of before");
    assertEquals(2, source.questions.get());
    source.end.countDown();
    first.join();
  }
}
