package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.plan.swarm.SwarmMessage;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.Version;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.MPING;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real channels, and one that has no key and sends what it likes. */
class StrangersTest {
  private static final Discovery.Multicast GROUP = (Discovery.Multicast) Discovery.multicast();

  @TempDir Path folder;
  private final String name = "strangers-" + ProcessHandle.current().pid();
  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void leave() {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      nodes.forEach(n -> pool.submit(n::close));
    }
  }

  private void startWithKey(int count) {
    Path file = folder.resolve("key");
    ClusterKey.generate(file);
    ClusterKey key = ClusterKey.load(file);
    for (int i = 0; i < count; i++) {
      nodes.add(TestNode.join(new ClusterSettings(name, TestNode.loopback(), GROUP, key)));
    }
    TestNode.awaitOneView(nodes, 20);
  }

  private static Address address(TestNode node) {
    return node.cluster().channel().getAddress();
  }

  private static Object whereabouts(TestNode asked, TestNode of) {
    return asked.cluster().channel().down(new Event(Event.GET_PHYSICAL_ADDRESS, address(of)));
  }

  private List<List<Object>> allWhereabouts() {
    return nodes.stream().map(a -> nodes.stream().map(b -> whereabouts(a, b)).toList()).toList();
  }

  private static byte[] bytes(Message message) throws IOException {
    ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(1024);
    message.writeTo(out);
    return Arrays.copyOf(out.buffer(), out.position());
  }

  private static byte[] bytes(short type, Message message) throws IOException {
    byte[] rest = bytes(message);
    byte[] all = new byte[rest.length + 2];
    all[1] = (byte) type;
    System.arraycopy(rest, 0, all, 2, rest.length);
    return all;
  }

  private Message request(short protocol, Address of, Address from) {
    PingData lie =
        new PingData(of, true, "x", new IpAddress(InetAddress.ofLiteral("192.0.2.1"), 7820))
            .coord(true);
    return new BytesMessage(null)
        .setArray(org.jgroups.protocols.Discovery.marshal(lie))
        .setSrc(from)
        .putHeader(
            protocol,
            new PingHeader(PingHeader.GET_MBRS_REQ).clusterName(name + "/" + MessageCodec.VERSION));
  }

  /** What was sent to nodes with MPING, which took it. */
  private List<byte[]> datagrams() throws IOException {
    List<byte[]> all = new ArrayList<>();
    byte[] lie = MessageCodec.encode(new SwarmMessage.Throttled(666));
    for (TestNode from : nodes) {
      all.add(bytes(new BytesMessage(null, lie).setSrc(address(from))));
      for (TestNode to : nodes) {
        Message told = new BytesMessage(address(to), lie).setSrc(address(from));
        all.add(bytes(told));
        all.add(bytes(Message.BYTES_MSG, told));
        for (Class<?> ping : List.of(MPING.class, TCPPING.class)) {
          short protocol = ClassConfigurator.getProtocolId(ping);
          all.add(bytes(request(protocol, address(from), address(to))));
          all.add(bytes(request(protocol, address(from), address(from))));
        }
      }
    }
    byte[] announces = bytes(new BytesMessage(null, new byte[8]).setSrc(address(nodes.getFirst())));
    announces[announces.length - 12] = 0x17;
    all.add(announces);
    Random random = new Random(7);
    for (int length : new int[] {0, 1, Call.LENGTH - 1, Call.LENGTH, 100, 1400, 60_000}) {
      byte[] rubbish = new byte[length];
      random.nextBytes(rubbish);
      all.add(rubbish);
    }
    // Calls of ones that do not have the key.
    all.add(new Call(name, null).of(TestNode.loopback().address(), 7820));
    all.add(new Call(name + "x", null).of(TestNode.loopback().address(), 7820));
    return all;
  }

  private static void send(List<byte[]> datagrams) throws IOException {
    InetAddress loopback = TestNode.loopback().address();
    try (MulticastSocket socket = new MulticastSocket(new InetSocketAddress(loopback, 0))) {
      socket.setNetworkInterface(NetworkInterface.getByInetAddress(loopback));
      for (byte[] d : datagrams) {
        socket.send(new DatagramPacket(d, d.length, GROUP.group(), GROUP.port()));
      }
    }
  }

  @Test
  void noDatagramReachesTheMembersOrMovesOne() throws Exception {
    startWithKey(3);
    TestNode.await(
        5, () -> allWhereabouts().stream().noneMatch(w -> w.contains(null)), () -> "no address");
    List<List<Object>> before = allWhereabouts();
    List<byte[]> datagrams = datagrams();
    for (int i = 0; i < 3; i++) {
      send(datagrams);
    }
    // What comes after them by the right way: then they were dealt with.
    nodes.getFirst().tellAll(new SwarmMessage.Leaving());
    nodes.getLast().tellAll(new SwarmMessage.Leaving());
    TestNode.await(
        10,
        () ->
            nodes.stream()
                .allMatch(n -> n.details.stream().anyMatch(d -> d.contains("that is no call"))),
        () -> "said: " + nodes.stream().map(n -> n.details).toList());
    TestNode.await(10, () -> nodes.stream().noneMatch(n -> n.told.isEmpty()), () -> "nothing came");
    for (TestNode node : nodes) {
      assertTrue(
          node.told.stream().allMatch(t -> t.message() instanceof SwarmMessage.Leaving),
          "told: " + node.told);
      assertEquals(nodes.size(), node.cluster().view().members().size());
      assertTrue(node.details.size() < 5, "said once: " + node.details);
    }
    assertEquals(before, allWhereabouts());
  }

  @Test
  void aMemberIsNotMovedByWhatAnotherOneSays() throws Exception {
    startWithKey(2);
    TestNode one = nodes.getFirst();
    TestNode two = nodes.getLast();
    TestNode.await(5, () -> whereabouts(one, two) != null, () -> "no address");
    Object before = whereabouts(one, two);
    AddressPing ping = one.cluster().channel().getProtocolStack().findProtocol(AddressPing.class);
    ping.up(request(ping.getId(), address(two), address(two)));
    ping.up(request(ping.getId(), address(one), address(two)));
    assertEquals(before, whereabouts(one, two));
    assertEquals(whereabouts(two, one), whereabouts(one, one));
    Address stranger = org.jgroups.util.UUID.randomUUID();
    IpAddress its = new IpAddress(TestNode.loopback().address(), 9);
    ping.down(new Event(Event.ADD_PHYSICAL_ADDRESS, new Tuple<>(stranger, its)));
    assertEquals(
        its,
        one.cluster().channel().down(new Event(Event.GET_PHYSICAL_ADDRESS, stranger)),
        "one that is no member yet is where it says");
  }

  private static int watched(TestNode node) {
    WatchPort port = node.cluster().channel().getProtocolStack().findProtocol(WatchPort.class);
    return port.getActualBindPort();
  }

  /** Connects to where nodes are watched, as JGroups begins: cookie, version, own address. */
  private static Socket connect(int port, int claimed) throws IOException {
    Socket socket = new Socket(TestNode.loopback().address(), port);
    socket.setSoTimeout(5000);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.write("bela".getBytes(StandardCharsets.US_ASCII));
    out.writeShort(Version.version);
    out.writeShort(7);
    out.write(new byte[] {4, 127, 0, 0, 1});
    out.writeShort(claimed);
    return socket;
  }

  /** Whether the other side ends a connection by itself. */
  private static boolean ends(Socket socket) throws IOException {
    try {
      // JGroups says four bytes before it ends a connection.
      return socket.getInputStream().readNBytes(5).length < 5;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  void theWatchedPortTakesNoMemoryByWhatIsAnnounced() throws Exception {
    startWithKey(2);
    int port = watched(nodes.getFirst());
    long before = direct();
    for (int announced : new int[] {500_000_000, Integer.MAX_VALUE, WatchPort.LONGEST + 1, -7}) {
      try (Socket socket = connect(port, 30_000)) {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(announced);
        out.write(new byte[100]);
        assertTrue(ends(socket), announced + " bytes announced");
      }
    }
    assertTrue(direct() - before < 50_000_000, (direct() - before) + " bytes more");
    assertEquals(2, nodes.getFirst().cluster().view().members().size());
  }

  @Test
  void theWatchedPortTakesABoundedNumberOfConnectionsAndWatchersStillCome() throws Exception {
    startWithKey(2);
    int port = watched(nodes.getFirst());
    List<Socket> open = new ArrayList<>();
    try {
      int refused = 0;
      for (int i = 0; i < 2 * WatchServer.OF_A_HOST; i++) {
        Socket socket = new Socket(TestNode.loopback().address(), port);
        socket.setSoTimeout(200);
        open.add(socket);
      }
      for (Socket socket : open.subList(WatchServer.OF_A_HOST, open.size())) {
        refused += ends(socket) ? 1 : 0;
      }
      assertEquals(WatchServer.OF_A_HOST, refused);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    assertEquals(2, nodes.getFirst().cluster().view().members().size());
    Wires.kill(nodes.getFirst().cluster());
    TestNode.awaitOneView(List.of(nodes.getLast()), 5);
  }

  @Test
  void whoHasNoKeyIsRefusedByBothSidesWithoutBeingAsked() {
    startWithKey(1);
    TestNode keyless = TestNode.join(new ClusterSettings(name, TestNode.loopback(), GROUP, null));
    nodes.add(keyless);
    TestNode.await(
        10,
        () -> said(nodes.getFirst(), "it does not have this cluster's key"),
        () -> "" + nodes.getFirst().warnings);
    TestNode.await(
        10,
        () -> said(keyless, "it has a cluster key, this one has none"),
        () -> "" + keyless.warnings);
  }

  private static boolean said(TestNode node, String text) {
    return node.warnings.stream().anyMatch(d -> d.contains(text));
  }
}
