package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.cluster.Cluster;
import dev.exodl.cluster.Wires;
import dev.exodl.emulator.Fault;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LoggedRequest;
import dev.exodl.emulator.Where;
import dev.exodl.swarm.Inside;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.SwarmNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whole syncs of several nodes in one process, with real channels, while nodes die, come and go,
 * are cut off, and messages are late. What happened so far decides when the fault comes.
 */
class ClusterFaultsTest {
  private static final long MIB = 1 << 20;

  /** So slow that no chunk comes whole: what is on its way stays so. */
  private static final long NEARLY_CLOSED = 64 << 10;

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  @RegisterExtension final ClusterStage stage = new ClusterStage();

  private HubRepo model(long size) {
    return stage.model(size, 2);
  }

  private long asked(String what) {
    return stage.hub().log().count(r -> r.path().contains(what));
  }

  private void assertListings(long revisions) {
    assertEquals(revisions, asked("/revision/"));
    assertEquals(1, asked("/tree/"));
  }

  private static long fromHub(List<ClusterStage.Node> nodes) {
    return nodes.stream().mapToLong(ClusterStage.Node::fromHub).sum();
  }

  /** These become whole, though others are lost, and what they know they do not ask for again. */
  private void awaitOnce(HubRepo repo, List<ClusterStage.Node> left) throws Exception {
    stage.awaitWhole(repo, left);
    assertOnce(repo, left);
    assertListings(1);
  }

  /** The nodes that are left fetched nothing twice, whatever the lost one took along. */
  private static void assertOnce(HubRepo repo, List<ClusterStage.Node> left) {
    double times = (double) fromHub(left) / repo.totalSize();
    assertTrue(times <= 1.0001, "the hub sent them " + times + " times the model");
  }

  /** Bytes of the chunks that none of these nodes holds. */
  private static long lacking(List<ClusterStage.Node> nodes) throws InterruptedException {
    List<SwarmNode> inside = new ArrayList<>();
    for (ClusterStage.Node node : nodes) {
      inside.add(node.awaitJoined());
    }
    return Inside.lacking(inside);
  }

  /** What the hub sends from now on is not more than what these nodes lack now. */
  private void assertOnlyLackingIsFetched(HubRepo repo, List<ClusterStage.Node> left)
      throws Exception {
    long before = stage.hub().log().fileBytesServed();
    long lost = lacking(left);
    assertTrue(0 < lost && lost < repo.totalSize(), "in the middle: " + lost + " bytes are lost");
    stage.awaitWhole(repo, left);
    long after = stage.hub().log().fileBytesServed() - before;
    assertTrue(after <= lost, after + " bytes were fetched anew, but " + lost + " were lost");
  }

  @Test
  void theCoordinatorDiesBeforeItTellsTheListing() throws Exception {
    HubRepo repo = model(8 * MIB);
    stage
        .hub()
        .faults()
        .on(Where.HUB_API)
        .path(p -> p.contains("/revision/"))
        .nth(1)
        .then(new Fault.SlowFirstByte(Duration.ofSeconds(30)));
    List<ClusterStage.Node> nodes = stage.started(repo, 4);
    ClusterStage.await(() -> asked("/revision/") == 1, () -> "the hub was not asked");
    nodes.getFirst().crash();
    stage.awaitWhole(repo, nodes.subList(1, 4));
    assertListings(2);
    stage.assertOverTheWan(repo, 1.0001);
  }

  @Test
  void theCoordinatorDiesAfterItToldTheListing() throws Exception {
    HubRepo repo = model(16 * MIB);
    stage.hub().settings().totalRate(NEARLY_CLOSED);
    List<ClusterStage.Node> nodes = stage.started(repo, 4);
    ClusterStage.await(
        () -> nodes.stream().allMatch(ClusterStage.Node::isListed), () -> "not all know the files");
    nodes.getFirst().crash();
    stage.hub().settings().totalRate(0);
    List<ClusterStage.Node> left = nodes.subList(1, 4);
    awaitOnce(repo, left);
  }

  @Test
  void theCoordinatorDiesWhileLeasesAreOut() throws Exception {
    HubRepo repo = model(32 * MIB);
    stage.hub().settings().totalRate(12 * MIB);
    List<ClusterStage.Node> nodes = stage.started(repo, 4);
    stage.awaitSent(12 * MIB);
    ClusterStage.await(
        () -> nodes.stream().allMatch(this::isFetching), () -> "not all fetch at the same time");
    nodes.getFirst().crash();
    List<ClusterStage.Node> left = nodes.subList(1, 4);
    awaitOnce(repo, left);
  }

  private boolean isFetching(ClusterStage.Node node) {
    return stage.hub().log().count(r -> ClusterStage.isFile(r) && node.isMine(r) && !r.isEnded())
        > 0;
  }

  @Test
  void theCoordinatorDiesWhenOnlyChunksOfPeersAreMissing() throws Exception {
    stage.maxLanRate = 4 * MIB;
    HubRepo repo = model(16 * MIB);
    List<ClusterStage.Node> nodes = stage.started(repo, 4);
    ClusterStage.await(
        () -> nodes.stream().allMatch(ClusterStage.Node::isListed) && lacking(nodes) == 0,
        () -> "some chunks are nowhere");
    nodes.getFirst().crash();
    assertOnlyLackingIsFetched(repo, nodes.subList(1, 4));
    assertListings(1);
  }

  @Test
  void theCoordinatorDiesWhileItLingers() throws Exception {
    stage.maxLanRate = 4 * MIB;
    stage.linger = new Linger.Forever();
    HubRepo repo = model(16 * MIB);
    ClusterStage.Node first = stage.node();
    stage.sync(repo, List.of(first));
    stage.linger = new Linger.UntilComplete(Duration.ofMillis(300));
    List<ClusterStage.Node> left = stage.nodes(3);
    left.forEach(n -> n.start(repo));
    ClusterStage.await(
        () -> left.stream().allMatch(ClusterStage.Node::isListed) && lacking(left) < 11 * MIB,
        () -> "nothing comes from the first one");
    assertTrue(first.coordinates() && !first.left.isDone(), "it lingers");
    first.crash();
    assertOnlyLackingIsFetched(repo, left);
    assertListings(1);
  }

  @Test
  void aClusterThatIsCutInTwoGoesOnInBothPartsAndThenTogether() throws Exception {
    HubRepo repo = model(64 * MIB);
    stage.hub().settings().totalRate(12 * MIB);
    List<ClusterStage.Node> nodes = stage.started(repo, 4);
    List<ClusterStage.Node> left = nodes.subList(0, 2);
    List<ClusterStage.Node> right = nodes.subList(2, 4);
    stage.awaitSent(12 * MIB);
    int cutAt = stage.hub().log().all().size();
    Set<String> leasedBefore = leased(right);
    Wires.split(channels(left), channels(right));
    leasedBefore.addAll(leased(right));
    assertTrue(coordinated(left) && coordinated(right));
    long leftHad = fromHub(left);
    long rightHad = fromHub(right);
    ClusterStage.await(
        () -> fromHub(left) - leftHad >= 6 * MIB && fromHub(right) - rightHad >= 6 * MIB,
        () -> "not both parts go on: " + fromHub(left) + ", " + fromHub(right));
    stage.hub().settings().totalRate(NEARLY_CLOSED);
    assertFalse(nodes.stream().anyMatch(n -> n.result.isDone()), "in the middle");
    Wires.heal(channels(nodes));
    ClusterStage.await(() -> seeAll(nodes), () -> "they do not find each other");
    ClusterStage.await(() -> agreed(nodes), () -> "they do not agree on who fetches what");
    int healedAt = stage.hub().log().all().size();
    // These have waited for so long that they may be taken from their nodes.
    long stuck =
        chunks(cutAt, healedAt).stream()
            .filter(c -> !c.by().isEnded())
            .map(Asked::chunk)
            .distinct()
            .count();
    stage.hub().settings().totalRate(24 * MIB);
    stage.awaitWhole(repo, nodes);
    assertNoChunkIsAskedForByTwo(nodes, healedAt);
    // One part fetches the first chunks and the other one the last; only what this one had leases
    // for when it was cut off both may fetch.
    Set<String> twice = askedBy(left, cutAt, healedAt);
    twice.retainAll(askedBy(right, 0, healedAt));
    long both = twice.size();
    twice.removeAll(leasedBefore);
    assertEquals(Set.of(), twice);
    stage.assertOverTheWan(repo, 1.0001 + (double) (both + stuck) * MIB / repo.totalSize());
    assertListings(1);
  }

  private static Set<String> leased(List<ClusterStage.Node> nodes) throws InterruptedException {
    Set<String> leased = new HashSet<>();
    for (ClusterStage.Node node : nodes) {
      leased.addAll(Inside.holding(node.awaitJoined()));
    }
    return leased;
  }

  /** The chunks that these asked for after one request, up to another one. */
  private Set<String> askedBy(List<ClusterStage.Node> nodes, int after, int last) {
    Set<String> asked = new HashSet<>();
    for (Asked chunk : chunks(after, last)) {
      if (nodes.stream().anyMatch(n -> n.isMine(chunk.by()))) {
        asked.add(chunk.chunk());
      }
    }
    return asked;
  }

  /** A chunk and the request for it. */
  private record Asked(String chunk, LoggedRequest by) {}

  /** The chunks asked for by requests for content after one of them, up to another one. */
  private List<Asked> chunks(int after, int last) {
    List<Asked> chunks = new ArrayList<>();
    for (LoggedRequest r : stage.hub().log().requests(ClusterStage::isFile)) {
      if (r.number() > after && r.number() <= last) {
        Matcher bytes = RANGE.matcher(String.valueOf(r.range()));
        long from = bytes.matches() ? Long.parseLong(bytes.group(1)) : 0;
        long to = bytes.matches() ? Long.parseLong(bytes.group(2)) : 0;
        for (long c = from / MIB; c <= to / MIB; c++) {
          chunks.add(new Asked(r.file() + " " + c, r));
        }
      }
    }
    return chunks;
  }

  private void assertNoChunkIsAskedForByTwo(List<ClusterStage.Node> nodes, int after) {
    Map<String, ClusterStage.Node> asked = new HashMap<>();
    for (Asked chunk : chunks(after, Integer.MAX_VALUE)) {
      ClusterStage.Node by =
          nodes.stream().filter(n -> n.isMine(chunk.by())).findFirst().orElseThrow();
      ClusterStage.Node other = asked.putIfAbsent(chunk.chunk(), by);
      assertTrue(other == null || other == by, "two nodes asked for " + chunk.chunk());
    }
    assertFalse(asked.isEmpty(), "something was left for the time after");
  }

  private static boolean coordinated(List<ClusterStage.Node> nodes) throws InterruptedException {
    for (ClusterStage.Node node : nodes) {
      if (node.coordinates()) {
        return true;
      }
    }
    return false;
  }

  private static boolean seeAll(List<ClusterStage.Node> nodes) throws InterruptedException {
    for (ClusterStage.Node node : nodes) {
      if (node.sees() != nodes.size()) {
        return false;
      }
    }
    return true;
  }

  /** Whether who coordinates knows of all what they will begin with. */
  private static boolean agreed(List<ClusterStage.Node> nodes) throws InterruptedException {
    for (ClusterStage.Node coordinator : nodes) {
      if (coordinator.coordinates()) {
        for (ClusterStage.Node node : nodes) {
          if (!Inside.agrees(node.awaitJoined(), coordinator.awaitJoined())) {
            return false;
          }
        }
        return true;
      }
    }
    return false;
  }

  private static List<Cluster> channels(List<ClusterStage.Node> nodes) throws InterruptedException {
    List<Cluster> channels = new ArrayList<>();
    for (ClusterStage.Node node : nodes) {
      channels.add(node.channel());
    }
    return channels;
  }

  @Test
  void messagesMayBeLateAndOvertakeEachOther() throws Exception {
    HubRepo repo = model(32 * MIB);
    stage.hub().settings().totalRate(16 * MIB);
    List<ClusterStage.Node> nodes = stage.together(4);
    List<AtomicInteger> overtaken = new ArrayList<>();
    for (ClusterStage.Node node : nodes) {
      overtaken.add(Wires.delay(node.start(repo).channel(), 200));
    }
    stage.awaitWhole(repo, nodes);
    stage.assertOverTheWan(repo, 1.0001);
    assertListings(1);
    overtaken.forEach(n -> assertTrue(n.get() > 0, "messages overtook each other"));
  }

  @Test
  void aNodeThatComesInTheMiddleTakesPart() throws Exception {
    HubRepo repo = model(32 * MIB);
    stage.hub().settings().totalRate(12 * MIB);
    List<ClusterStage.Node> early = stage.started(repo, 3);
    stage.awaitSent(10 * MIB);
    stage.hub().settings().totalRate(NEARLY_CLOSED);
    List<ClusterStage.Node> nodes = new ArrayList<>(early);
    nodes.add(stage.node().start(repo));
    ClusterStage.await(() -> seeAll(nodes), () -> "they do not find each other");
    assertFalse(early.stream().anyMatch(n -> n.result.isDone()), "it came in the middle");
    stage.hub().settings().totalRate(24 * MIB);
    stage.awaitWhole(repo, nodes);
    stage.assertOverTheWan(repo, 1.0001);
    assertListings(1);
  }

  @Test
  void aNodeThatLeavesInTheMiddleLeavesTheRestToTheOthers() throws Exception {
    HubRepo repo = model(32 * MIB);
    stage.hub().settings().totalRate(12 * MIB);
    List<ClusterStage.Node> nodes = stage.started(repo, 4);
    stage.awaitSent(10 * MIB);
    ClusterStage.Node leaver = nodes.getLast();
    ClusterStage.await(() -> isFetching(leaver), () -> "it fetches nothing");
    leaver.stop();
    ClusterStage.await(leaver.result::isDone, leaver::log);
    assertTrue(leaver.result.isCompletedExceptionally(), "it had not all yet");
    List<ClusterStage.Node> left = nodes.subList(0, 3);
    awaitOnce(repo, left);
  }
}
