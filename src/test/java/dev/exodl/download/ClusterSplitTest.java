package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.download.ShardRequest.Share;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LayeredModel;
import dev.exodl.emulator.LoggedRequest;
import dev.exodl.hub.Token;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.store.CacheInvariants;
import dev.exodl.swarm.Linger;
import dev.exodl.weights.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cluster that deals a model's layers out to its nodes: real channels, a real hub. */
class ClusterSplitTest {
  private static final int MIB = 1 << 20;

  /** That each of four nodes has from the hub. */
  private static final int STREAMS = 4;

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  @RegisterExtension final ClusterStage stage = new ClusterStage();

  /** Eight files of 5.4 MB, of layers that straddle them. */
  private HubRepo repo() {
    HubRepo repo = stage.hub().model("exo/layers");
    new LayeredModel(32, 400).safetensors(repo, 8);
    return repo;
  }

  private static Optional<ShardRequest> split(SplitBy by, long memory, boolean thenComplete) {
    return Optional.of(
        new ShardRequest(
            new Share.OfCluster(by, Optional.of(memory)), false, ShardForm.FILES, thenComplete));
  }

  private static Optional<ShardRequest> split(boolean thenComplete) {
    return split(SplitBy.EQUAL, 1, thenComplete);
  }

  private static <E extends SyncEvent> List<E> events(ClusterStage.Node node, Class<E> kind) {
    return node.events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static Share.Dealt dealt(ClusterStage.Node node) {
    List<SyncEvent.Dealt> told = events(node, SyncEvent.Dealt.class);
    assertEquals(1, told.size(), node::log);
    return told.getFirst().share();
  }

  private static boolean isDealt(ClusterStage.Node node) {
    return !events(node, SyncEvent.Dealt.class).isEmpty();
  }

  private static ShardChoice choice(ClusterStage.Node node) {
    return node.await().shard().orElseThrow();
  }

  /** Layers by the number of the share. */
  private static Map<Integer, String> layers(List<ClusterStage.Node> nodes) {
    Map<Integer, String> layers = new TreeMap<>();
    for (ClusterStage.Node node : nodes) {
      assertEquals(nodes.size(), dealt(node).of());
      layers.put(dealt(node).number(), choice(node).layers().toString());
    }
    return layers;
  }

  /** What each node read of headers, index and config before it knew its files. */
  private static long reading(int nodes) {
    return nodes * (3L * ReadWeights.FIRST_BYTES + 20_000);
  }

  private void assertOnce(HubRepo repo, int nodes) {
    long sent = stage.hub().log().fileBytesServed();
    long most = repo.totalSize() + reading(nodes);
    assertTrue(sent <= most, "the hub sent " + sent + " of " + repo.totalSize());
  }

  @Test
  void eachHasItsShareFirstAndThenAll() throws Exception {
    HubRepo repo = repo();
    // So slow that none has fetched its share before the others begin.
    stage.hub().settings().totalRate(MIB);
    List<ClusterStage.Node> nodes = stage.together(4);
    nodes.forEach(n -> n.shard = split(true));
    nodes.forEach(n -> n.start(repo));
    ClusterStage.await(
        () -> nodes.stream().allMatch(ClusterStage.Node::isListed), () -> "not all know the files");
    stage.hub().settings().totalRate(8 * MIB);
    stage.awaitWhole(repo, nodes);
    assertEquals(Map.of(1, "0-7", 2, "8-15", 3, "16-23", 4, "24-31"), layers(nodes));
    assertOnce(repo, 4);
    int own = 0;
    int all = 0;
    for (ClusterStage.Node node : nodes) {
      assertReadyOnceWithItsFiles(node);
      List<Boolean> asked = assertOwnChunksCameFirst(node);
      own += Collections.frequency(asked, true);
      all += asked.size();
    }
    // By chance it would be about four of ten.
    assertTrue(own >= 0.6 * all, own + " of " + all + " chunks were asked for by who needs them");
  }

  /** The program says that the layers are ready once, when all their files are here. */
  private static void assertReadyOnceWithItsFiles(ClusterStage.Node node) {
    List<SyncEvent.ShardReady> ready = events(node, SyncEvent.ShardReady.class);
    assertEquals(1, ready.size(), node::log);
    assertEquals(choice(node), ready.getFirst().choice());
    assertEquals(node.await().path(), ready.getFirst().path());
    Set<String> before =
        node.events.subList(0, node.events.indexOf(ready.getFirst())).stream()
            .filter(SyncEvent.FilePlaced.class::isInstance)
            .map(e -> ((SyncEvent.FilePlaced) e).file().path().value())
            .collect(Collectors.toSet());
    choice(node).needed().files().forEach(f -> assertTrue(before.contains(f.path()), f.path()));
  }

  /**
   * Of the weight files a node asked the hub first for chunks with its tensors. While its files are
   * being opened each of its streams may have begun with something else. Whether each was such a
   * one.
   */
  private List<Boolean> assertOwnChunksCameFirst(ClusterStage.Node node) {
    Map<String, BitSet> own = chunks(choice(node));
    List<Boolean> owns = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (LoggedRequest request : stage.hub().log().requests(ClusterStage::isFile)) {
      Matcher range = RANGE.matcher(String.valueOf(request.range()));
      String file = String.valueOf(request.file());
      if (!node.isMine(request) || !file.endsWith(".safetensors") || !range.matches()) {
        continue;
      }
      int first = (int) (Long.parseLong(range.group(1)) / MIB);
      asked.add(file + " " + range.group());
      owns.add(own.containsKey(file) && own.get(file).get(first));
    }
    int all = Collections.frequency(owns, true);
    int others = Collections.frequency(owns.subList(0, all), false);
    assertTrue(others <= STREAMS, () -> own + " asked " + asked);
    return owns;
  }

  private static Map<String, BitSet> chunks(ShardChoice choice) {
    Map<String, BitSet> chunks = new HashMap<>();
    choice
        .needed()
        .tensors()
        .forEach(
            (file, tensors) -> {
              BitSet own = chunks.computeIfAbsent(file.path(), f -> new BitSet());
              own.set(0);
              for (Tensor tensor : tensors) {
                ByteRange at = tensor.at();
                own.set((int) (at.offset() / MIB), (int) ((at.end() - 1) / MIB) + 1);
              }
            });
    return chunks;
  }

  @Test
  void byMemoryAndEachOnlyItsShare() throws IOException {
    HubRepo repo = repo();
    List<ClusterStage.Node> nodes = stage.together(3);
    for (int i = 0; i < 3; i++) {
      nodes.get(i).shard =
          split(SplitBy.MEMORY, List.of(8L << 30, 2L << 30, 6L << 30).get(i), false);
      nodes.get(i).start(repo);
    }
    TreeMap<String, Long> bytes = new TreeMap<>();
    Set<Integer> counts = new HashSet<>();
    for (ClusterStage.Node node : nodes) {
      SyncResult result = node.await();
      counts.add(choice(node).layers().count());
      for (RepoFile file : result.files()) {
        Path path = result.path().resolve(file.path().value());
        assertTrue(CacheInvariants.hasHash(path, file.blob().hex()), path::toString);
        bytes.put(file.path().value(), file.size());
      }
      assertReadyOnceWithItsFiles(node);
    }
    assertEquals(Set.of(16, 4, 12), counts);
    assertEquals(repo.head().files().keySet(), bytes.keySet(), "together they have the model");
    assertOnce(repo, 3 * 3);
  }

  @Test
  void byBytesTheFirstAndTheLastHaveFewerLayersAsMoreGoesWithThem() throws IOException {
    HubRepo repo = stage.hub().model("exo/layers");
    new LayeredModel(6, 200).safetensors(repo, 3);
    List<ClusterStage.Node> nodes = stage.together(2);
    nodes.forEach(n -> n.shard = split(SplitBy.BYTES, 1, true));
    stage.sync(repo, nodes);
    assertEquals(Map.of(1, "0-2", 2, "3-5"), layers(nodes));
  }

  @Test
  void theSharesOutliveTheCoordinatorAndWhoComesInItsPlaceGetsItsShare() throws Exception {
    HubRepo repo = repo();
    stage.hub().settings().totalRate(64 << 10);
    List<ClusterStage.Node> nodes = stage.together(4);
    nodes.forEach(n -> n.shard = split(true));
    nodes.getFirst().start(repo).awaitJoined();
    nodes.stream().skip(1).forEach(n -> n.start(repo));
    ClusterStage.await(
        () -> nodes.stream().allMatch(ClusterSplitTest::isDealt), () -> "it is not dealt");
    assertTrue(nodes.getFirst().coordinates());
    Share.Dealt lost = dealt(nodes.getFirst());
    nodes.getFirst().crash();
    ClusterStage.Node again = stage.node();
    again.shard = split(true);
    again.start(repo);
    ClusterStage.await(() -> isDealt(again), again::log);
    assertEquals(lost, dealt(again));
    stage.hub().settings().totalRate(0);
    List<ClusterStage.Node> left = new ArrayList<>(nodes.subList(1, 4));
    left.add(again);
    stage.awaitWhole(repo, left);
    assertEquals(Map.of(1, "0-7", 2, "8-15", 3, "16-23", 4, "24-31"), layers(left));
    left.forEach(ClusterSplitTest::assertReadyOnceWithItsFiles);
  }

  /** It cannot read headers, but gets all from the others. */
  @Test
  void aNodeWithoutTheHubSaysInTheEndThatItsLayersAreReady() throws IOException {
    HubRepo repo = repo();
    List<ClusterStage.Node> nodes = stage.together(3);
    nodes.forEach(n -> n.shard = split(true));
    nodes.getLast().offline = true;
    stage.sync(repo, nodes);
    assertEquals(Map.of(1, "0-10", 2, "11-21", 3, "22-31"), layers(nodes));
    nodes.forEach(ClusterSplitTest::assertReadyOnceWithItsFiles);
    assertEquals(0, nodes.getLast().fromHub());
    List<String> warnings = nodes.getLast().await().warnings();
    assertTrue(
        warnings.stream().anyMatch(w -> w.startsWith("it cannot be told yet which files")),
        warnings::toString);
  }

  @Test
  void withoutTheHubAndTheRestNobodyCanTellWhatIsNeeded() {
    HubRepo repo = repo();
    List<ClusterStage.Node> nodes = stage.together(2);
    nodes.forEach(n -> n.shard = split(false));
    nodes.getLast().offline = true;
    nodes.forEach(n -> n.start(repo));
    ExecutionException failed = assertThrows(ExecutionException.class, nodes.getLast().result::get);
    Failure failure = assertInstanceOf(FailureException.class, failed.getCause()).failure();
    assertInstanceOf(Failure.Partial.class, failure);
    nodes.getFirst().await();
  }

  @Test
  void whoComesLateHasNoShare() throws Exception {
    HubRepo repo = repo();
    stage.linger = new Linger.Forever();
    List<ClusterStage.Node> nodes = stage.together(2);
    nodes.forEach(n -> n.shard = split(true));
    stage.sync(repo, nodes);
    ClusterStage.Node late = stage.node();
    late.shard = split(false);
    late.start(repo);
    ClusterStage.Node whole = stage.node();
    whole.shard = split(SplitBy.MEMORY, 1, true);
    whole.start(repo);
    ExecutionException failed = assertThrows(ExecutionException.class, late.result::get);
    Failure failure = assertInstanceOf(FailureException.class, failed.getCause()).failure();
    assertInstanceOf(Failure.Cluster.class, failure);
    assertEquals("the layers were dealt out to 2 nodes before this one asked", failure.what());
    whole.assertWhole(repo);
    assertEquals(Optional.empty(), whole.await().shard());
    List<String> warnings = whole.await().warnings();
    assertTrue(
        warnings.contains(
            "the layers were dealt out to 2 nodes before this one asked: it gets the whole model,"
                + " and no layers of its own first"),
        warnings::toString);
    assertTrue(
        warnings.stream().anyMatch(w -> w.contains("with --split equal")), warnings::toString);
    assertEquals(List.of(), events(whole, SyncEvent.ShardReady.class));
  }

  @Test
  void aRepoThatNotAllMayReadIsNotDealtOutWithoutAKey() {
    stage.hub().token("hf_secret", "me");
    HubRepo repo = repo().makePrivate().allow("hf_secret");
    ClusterStage.Node node = stage.node();
    node.hubSettings = node.hubSettings.withToken(new Token("hf_secret"));
    node.shard = split(true);
    node.start(repo);
    ExecutionException failed = assertThrows(ExecutionException.class, node.result::get);
    Failure failure = assertInstanceOf(FailureException.class, failed.getCause()).failure();
    assertInstanceOf(Failure.Cluster.class, failure);
    assertTrue(failure.next().contains("keygen"), failure.line());
  }

  @Test
  void moreNodesThanLayersIsUsage() {
    HubRepo repo = stage.hub().model("exo/layers");
    new LayeredModel(1, 200).safetensors(repo, 1);
    List<ClusterStage.Node> nodes = stage.together(2);
    for (ClusterStage.Node node : nodes) {
      node.shard = split(false);
      node.start(repo);
    }
    for (ClusterStage.Node node : nodes) {
      ExecutionException failed = assertThrows(ExecutionException.class, node.result::get);
      Failure failure = assertInstanceOf(FailureException.class, failed.getCause()).failure();
      assertInstanceOf(Failure.Usage.class, failure);
    }
  }
}
