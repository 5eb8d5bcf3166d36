package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.exodl.model.Commit;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.JChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real channels on loopback. */
class ClusterTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final Discovery PEERS = Discovery.peers("127.0.0.1");
  private static final SwarmMessage.Card CARD =
      new SwarmMessage.Card("name", "127.0.0.1", 1, "boot", "zone", true, false);
  private static final SwarmMessage.Part PART =
      new SwarmMessage.Part(
          new SwarmId(new Repo(RepoType.MODEL, "a/b"), new Commit("0".repeat(40))),
          1,
          2,
          3,
          4,
          5,
          6,
          7,
          8,
          "state");

  private final String name =
      "test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void leave() throws Exception {
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      nodes.forEach(n -> pool.submit(n::close));
    }
  }

  /** Starts nodes at the same moment. */
  private List<TestNode> start(int count, Discovery discovery)
      throws InterruptedException, ExecutionException {
    List<Future<TestNode>> starting = new ArrayList<>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        starting.add(pool.submit(() -> TestNode.join(name, discovery)));
      }
    }
    List<TestNode> started = new ArrayList<>();
    for (Future<TestNode> f : starting) {
      started.add(f.get());
    }
    nodes.addAll(started);
    return started;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 11})
  void nodesThatStartTogetherFormOneView(int count) throws Exception {
    List<TestNode> started = start(count, PEERS);
    TestNode.awaitOneView(started, 20);
  }

  @Test
  void nodesFindEachOtherByAFolder(@TempDir Path folder) throws Exception {
    TestNode.awaitOneView(start(5, new Discovery.Folder(folder)), 20);
    leave();
    assertEquals(0, folder.toFile().list().length, "who leaves takes its file along");
  }

  @Test
  void nodesFindEachOtherByMulticast() throws Exception {
    TestNode.awaitOneView(start(5, Discovery.multicast()), 20);
  }

  /**
   * By IPv6, from an interface that does multicast where there is one. Where there is only loopback
   * Linux has no route for it: then each node says that it cannot call.
   */
  @Test
  void nodesFindEachOtherByMulticastOfTheOtherKindOrSayThatTheyCannotCall() throws Exception {
    InetAddress six = six();
    Bind bind = new Bind(six, 0, "of the test");
    for (int i = 0; i < 2; i++) {
      nodes.add(TestNode.join(new ClusterSettings(name, bind, Discovery.multicast(six), null)));
    }
    if (!six.isLoopbackAddress()) {
      TestNode.awaitOneView(nodes, 20);
      nodes.forEach(n -> assertEquals(List.of(), List.copyOf(n.warnings)));
    }
    TestNode.await(
        20,
        () ->
            nodes.stream().allMatch(n -> n.cluster().view().members().size() == 2)
                || nodes.stream().allMatch(ClusterTest::saysThatItCannotCall),
        () -> nodes.stream().map(n -> n.warnings).toList().toString());
  }

  private static boolean saysThatItCannotCall(TestNode node) {
    return node.warnings.stream().anyMatch(w -> w.startsWith("other nodes cannot be called at "));
  }

  private static InetAddress six() throws IOException {
    for (NetworkInterface i : NetworkInterface.networkInterfaces().toList()) {
      Optional<InetAddress> found =
          i.inetAddresses()
              .filter(a -> a instanceof Inet6Address && !a.isLinkLocalAddress())
              .findFirst();
      if (found.isPresent() && i.isUp() && i.supportsMulticast()) {
        return found.get();
      }
    }
    return InetAddress.getByName("::1");
  }

  @Test
  void nodesFindEachOtherByAName() throws Exception {
    TestNode.awaitOneView(start(3, Discovery.parse("dns:localhost")), 20);
  }

  /** Neither was told of the other with --peers, and the one that knew both is gone. */
  @Test
  void nodesThatMetFindEachOtherAfterACut() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Discovery peers = Discovery.peers("127.0.0.1:" + port);
    Bind bind = new Bind(InetAddress.getLoopbackAddress(), port, "of the test");
    nodes.add(TestNode.join(new ClusterSettings(name, bind, peers, null)));
    start(2, peers);
    TestNode.awaitOneView(nodes, 20);
    nodes.removeFirst().close();
    TestNode.awaitOneView(nodes, 20);
    List<Cluster> left = List.of(nodes.getFirst().cluster());
    List<Cluster> right = List.of(nodes.getLast().cluster());
    Wires.split(left, right);
    assertEquals(1, left.getFirst().view().members().size());
    Wires.heal(List.of(left.getFirst(), right.getFirst()));
    TestNode.awaitOneView(nodes, 30);
  }

  @Test
  void nodesOfAnotherNameAreNotSeen() throws Exception {
    List<TestNode> ours = start(2, PEERS);
    TestNode other = TestNode.join(name + "-other", PEERS);
    nodes.add(other);
    TestNode.awaitOneView(ours, 20);
    TestNode.awaitOneView(List.of(other), 20);
  }

  /** All that it said would be ignored, and waited for. */
  @Test
  void aNodeOfAnotherVersionIsLeftOutAndToldOf() throws Exception {
    TestNode ours = start(1, PEERS).getFirst();
    ClusterSettings settings = new ClusterSettings(name, TestNode.loopback(), PEERS, null);
    Queue<String> warnings = new ConcurrentLinkedQueue<>();
    try (JChannel other = Stack.build(settings, detail -> {}, warnings::add)) {
      AddressPing ping = other.getProtocolStack().findProtocol(AddressPing.class);
      ping.version = MessageCodec.VERSION + 1;
      other.connect(name);
      String told = "a node of another version of exo-dl at 127.0.0.1 is left out";
      TestNode.await(
          10,
          () ->
              ours.warnings.stream().anyMatch(w -> w.startsWith(told))
                  && warnings.stream().anyMatch(w -> w.startsWith(told)),
          () -> ours.warnings + " / " + warnings);
      assertEquals(1, other.getView().size());
    }
    assertEquals(1, ours.views.size(), "views: " + ours.views);
    assertEquals(1, ours.warnings.size(), "told once: " + ours.warnings);
  }

  @Test
  void aNodeThatComesLaterJoinsAtOnce() throws Exception {
    List<TestNode> all = new ArrayList<>(start(3, PEERS));
    TestNode.awaitOneView(all, 20);
    all.addAll(start(1, PEERS));
    assertEquals(4, all.getLast().cluster().view().members().size(), "when join returns");
    TestNode.awaitOneView(all, 20);
    assertEquals(all.getFirst().cluster().view(), all.getLast().cluster().view());
  }

  @Test
  void addressesThatDoNotAnswerHoldNothingUp() throws Exception {
    List<AutoCloseable> silent = new ArrayList<>();
    StringBuilder peers = new StringBuilder();
    try {
      for (int i = 0; i < 12; i++) {
        peers.append("127.0.0.1:").append(silentPort(silent)).append(',');
      }
      Discovery discovery = Discovery.peers(peers + "127.0.0.1");
      start(1, discovery);
      start(1, discovery);
      assertEquals(2, nodes.getLast().cluster().view().members().size(), "when join returns");
    } finally {
      for (AutoCloseable socket : silent) {
        socket.close();
      }
    }
  }

  /** A port whose queue is full: who connects to it hears nothing. */
  private static int silentPort(List<AutoCloseable> opened) throws IOException {
    ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    opened.add(full);
    for (int i = 0; i < 3; i++) {
      SocketChannel filling = SocketChannel.open();
      filling.configureBlocking(false);
      filling.connect(full.getLocalSocketAddress());
      opened.add(filling);
    }
    return full.getLocalPort();
  }

  @Test
  void aNodeThatLeavesIsGoneAtOnce() throws Exception {
    List<TestNode> all = start(4, PEERS);
    TestNode.awaitOneView(all, 20);
    TestNode leaver = all.stream().filter(n -> !n.id().equals(coordinator(all))).findFirst().get();
    leaver.close();
    TestNode.awaitOneView(without(all, leaver), 2);
  }

  @Test
  void aCoordinatorThatLeavesIsFollowedByTheNext() throws Exception {
    List<TestNode> all = start(4, PEERS);
    TestNode.awaitOneView(all, 20);
    NodeId next = all.getFirst().cluster().view().members().get(1);
    TestNode leaver = node(all, coordinator(all));
    leaver.close();
    List<TestNode> rest = without(all, leaver);
    TestNode.awaitOneView(rest, 3);
    assertEquals(next, coordinator(rest));
  }

  @Test
  void aCoordinatorThatIsKilledIsFollowedByTheNext() throws Exception {
    List<TestNode> all = start(4, PEERS);
    TestNode.awaitOneView(all, 20);
    NodeId next = all.getFirst().cluster().view().members().get(1);
    TestNode killed = node(all, coordinator(all));
    Wires.kill(killed.cluster());
    List<TestNode> rest = without(all, killed);
    TestNode.awaitOneView(rest, 12);
    assertEquals(next, coordinator(rest));
  }

  @Test
  void aClusterThatIsCutInTwoIsOneAgainWhenTheCutHeals() throws Exception {
    List<TestNode> all = start(5, PEERS);
    TestNode.awaitOneView(all, 20);
    List<TestNode> left = all.subList(0, 2);
    List<TestNode> right = all.subList(2, 5);
    Wires.deaf(channels(left), channels(right));
    Wires.deaf(channels(right), channels(left));
    TestNode.awaitOneView(left, 20);
    TestNode.awaitOneView(right, 20);
    assertNotEquals(coordinator(left), coordinator(right));
    Wires.heal(channels(all));
    TestNode.awaitOneView(all, 20);
    // Perhaps not all at once, but nobody was with those of the other side before.
    for (TestNode node : left) {
      Set<NodeId> apart = new HashSet<>();
      TestNode.await(
          5,
          () -> {
            node.views.forEach(v -> apart.addAll(v.apartFrom(node.id())));
            return apart.containsAll(right.stream().map(TestNode::id).toList());
          },
          () -> "only " + apart);
    }
    TestNode sender = left.getFirst();
    sender.tellAll(new SwarmMessage.Throttled(42));
    TestNode.await(
        5,
        () -> right.stream().allMatch(n -> n.told.contains(throttled(sender, 42))),
        () -> "after the merge messages come again");
  }

  private static TestNode.Told throttled(TestNode sender, long millis) {
    return new TestNode.Told(sender.id(), new SwarmMessage.Throttled(millis));
  }

  private static List<Cluster> channels(List<TestNode> nodes) {
    return nodes.stream().map(TestNode::cluster).toList();
  }

  private static NodeId coordinator(List<TestNode> nodes) {
    return nodes.getFirst().cluster().view().coordinator();
  }

  private static TestNode node(List<TestNode> nodes, NodeId id) {
    return nodes.stream().filter(n -> n.id().equals(id)).findFirst().orElseThrow();
  }

  private static List<TestNode> without(List<TestNode> nodes, TestNode gone) {
    return nodes.stream().filter(n -> n != gone).toList();
  }

  @Test
  void aMembersAddressIsKnownAndAStrangersIsNot() throws Exception {
    List<TestNode> all = start(3, PEERS);
    TestNode.awaitOneView(all, 20);
    for (TestNode node : all) {
      for (TestNode other : without(all, node)) {
        TestNode.await(
            5,
            () -> TestNode.loopback().address().equals(node.cluster().host(other.id())),
            () -> "at " + node.cluster().host(other.id()));
      }
      assertNull(node.cluster().host(new NodeId("0".repeat(32))));
    }
  }

  @Test
  void aMessageToANodeThatIsGoneIsDropped() throws Exception {
    List<TestNode> all = start(1, PEERS);
    all.getFirst().cluster().send(new NodeId("0".repeat(32)), new SwarmMessage.Leaving());
    all.getFirst().cluster().close();
    all.getFirst().tellAll(new SwarmMessage.Leaving());
  }

  @Test
  void bigMessagesComeWhole() throws Exception {
    List<TestNode> all = start(2, PEERS);
    TestNode.awaitOneView(all, 20);
    var big = new SwarmMessage.Status(CARD, "v", Collections.nCopies(60_000, PART));
    TestNode from = all.getFirst();
    TestNode to = all.getLast();
    from.cluster().send(to.id(), big);
    TestNode.await(10, () -> !to.told.isEmpty(), () -> "nothing came");
    assertEquals(new TestNode.Told(from.id(), big), to.told.peek());
  }

  @Test
  void aListenerThatThrowsWhateverItIsHearsTheNextMessageToo() throws Exception {
    Queue<SwarmMessage> told = new ConcurrentLinkedQueue<>();
    ClusterListener throwing =
        new ClusterListener() {
          @Override
          public void view(ClusterView view) {
            throw new IllegalStateException("at each view");
          }

          @Override
          public void received(NodeId from, SwarmMessage message) {
            told.add(message);
            throw new StackOverflowError("at each message");
          }

          @Override
          public void warning(String text) {
            throw new AssertionError("at each warning");
          }

          @Override
          public void detail(String text) {
            throw new AssertionError("at each detail");
          }
        };
    TestNode from = start(1, PEERS).getFirst();
    try (Cluster deaf =
        Cluster.join(new ClusterSettings(name, TestNode.loopback(), PEERS, null), throwing)) {
      TestNode.await(20, () -> from.cluster().view().members().size() == 2, () -> "not joined");
      for (int i = 0; i < 3; i++) {
        from.cluster().send(deaf.self(), new SwarmMessage.Throttled(i));
      }
      TestNode.await(10, () -> told.size() == 3, () -> told.size() + " came");
    }
  }

  @Test
  void messagesOfANodeComeInTheOrderItSentThem() throws Exception {
    List<TestNode> started = start(3, PEERS);
    TestNode.awaitOneView(started, 20);
    TestNode sender = started.getFirst();
    TestNode to = started.getLast();
    for (int i = 0; i < 2000; i++) {
      var message = new SwarmMessage.Throttled(i);
      if (i % 3 == 0) {
        sender.cluster().send(to.id(), message);
      } else {
        sender.tellAll(message);
      }
    }
    TestNode.await(10, () -> to.told.size() == 2000, () -> to.told.size() + " came");
    int i = 0;
    for (TestNode.Told t : to.told) {
      assertEquals(new TestNode.Told(sender.id(), new SwarmMessage.Throttled(i++)), t);
    }
    assertEquals(0, sender.told.size());
  }
}
