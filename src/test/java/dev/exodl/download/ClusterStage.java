package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.exodl.Fields;
import dev.exodl.cluster.Bind;
import dev.exodl.cluster.Cluster;
import dev.exodl.cluster.ClusterKey;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.cluster.Discovery;
import dev.exodl.cluster.Wires;
import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.LoggedRequest;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.store.CacheInvariants;
import dev.exodl.store.Caches;
import dev.exodl.store.Reuse;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.SwarmNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A hub, and nodes on loopback with a cache each; new for each test. */
final class ClusterStage implements BeforeEachCallback, AfterEachCallback {
  /** A fetch that hangs is not waited for longer; no test is about this. */
  private static final int PATIENCE_SECONDS = 90;

  private HubEmulator hub;
  private Path folder;
  private final List<Node> nodes = new ArrayList<>();

  /** What every node of the test begins with. */
  Strategy strategy = Strategy.SWARM;

  Linger linger = new Linger.UntilComplete(Duration.ofMillis(300));
  long maxClusterRate;
  long maxLanRate;
  int waitFor = 1;
  @Nullable ClusterKey key;
  boolean encrypt;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    hub = HubEmulator.start();
    folder = Files.createTempDirectory("exo-dl-cluster").toRealPath();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    try (var stopping = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<@Nullable Void> ended :
          stopping.invokeAll(nodes.stream().map(Node::ending).toList())) {
        ended.get();
      }
    }
    hub.close();
    SyncStage.delete(folder);
  }

  HubEmulator hub() {
    return hub;
  }

  Path folder() {
    return folder;
  }

  /** A model at the hub, of weight files that have this size together. */
  HubRepo model(long size, int files) {
    HubRepo repo = hub.model("exo/model");
    Fixtures.safetensorsModel(repo, size, files);
    return repo;
  }

  /** The nodes that are made from now on have a key, the same one. */
  void makeKey() {
    Path file = folder.resolve("key");
    ClusterKey.generate(file);
    key = ClusterKey.load(file);
  }

  /** A node that runs on a thread of its own. */
  final class Node {
    final Path cache;
    final List<SyncEvent> events = new CopyOnWriteArrayList<>();
    final ProgressBoard board = new ProgressBoard();
    final CompletableFuture<SyncResult> result = new CompletableFuture<>();
    final CompletableFuture<Void> left = new CompletableFuture<>();
    HubSettings hubSettings;
    boolean offline;
    Reuse reuse = Reuse.NONE;

    /** The one above, unless there are others. */
    Caches caches;

    boolean dryRun;
    String zone = "";
    List<String> includes = List.of();
    Optional<ShardRequest> shard = Optional.empty();

    /** Whether it serves the others after its answer. */
    volatile boolean lingers;

    private final String agent;
    private @Nullable Sync sync;

    Node(Path cache, String agent) {
      this.cache = cache;
      this.caches = Caches.one(cache);
      this.agent = agent;
      HubSettings usual = HubSettings.of(URI.create(hub.url()));
      this.hubSettings =
          new HubSettings(
              usual.endpoint(),
              null,
              usual.metadataTimeout(),
              usual.downloadTimeout(),
              usual.userAgent() + "; " + agent,
              usual.proxies(),
              null);
    }

    /** Begins to sync all of the repo's main. */
    Node start(HubRepo repo) {
      Sync running =
          new Sync(
              new SyncSettings(hubSettings, FetchLimits.DEFAULT, false, reuse),
              settings(zone),
              events::add,
              board);
      sync = running;
      SyncRequest request =
          new SyncRequest(
              Asking.of(repo, cache).request().repo(),
              dev.exodl.model.Revision.MAIN,
              new SyncRequest.Selection(List.of(), includes, List.of()),
              new SyncRequest.Place.Cache(caches),
              offline,
              false,
              dryRun,
              0,
              shard,
              Optional.empty());
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try {
                  SyncResult answer = running.run(request);
                  lingers = running.lingers();
                  result.complete(answer);
                  running.linger();
                  left.complete(null);
                } catch (RuntimeException | Error e) {
                  result.completeExceptionally(e);
                  left.completeExceptionally(e);
                }
              });
      return this;
    }

    SyncResult await() {
      try {
        ClusterStage.await(result::isDone, () -> board.view() + "\n" + log());
        return result.get();
      } catch (InterruptedException e) {
        return fail(e);
      } catch (ExecutionException e) {
        return fail(log(), e.getCause());
      }
    }

    /** Waits until it has left the cluster, of its own accord. */
    void awaitLeft() throws Exception {
      ClusterStage.await(left::isDone, this::log);
      left.get();
    }

    /** The node that this one's sync is in the cluster, as soon as it has joined. */
    @Nullable SwarmNode inCluster() {
      Object joined = sync == null ? null : Fields.get(sync, "joined");
      return joined == null ? null : (SwarmNode) Fields.get(joined, "node");
    }

    SwarmNode awaitJoined() throws InterruptedException {
      ClusterStage.await(() -> inCluster() != null, this::log);
      return Objects.requireNonNull(inCluster());
    }

    Cluster channel() throws InterruptedException {
      return (Cluster) Objects.requireNonNull(Fields.get(awaitJoined(), "cluster"));
    }

    /** How many nodes its view of the cluster has. */
    int sees() throws InterruptedException {
      return channel().view().members().size();
    }

    boolean coordinates() throws InterruptedException {
      return channel().view().coordinator().equals(channel().self());
    }

    /** Ends as a killed process does: its sockets close, and it says nothing to anybody. */
    void crash() throws Exception {
      Wires.kill(channel());
      stop();
    }

    /** Whether it knows which files there are. */
    boolean isListed() {
      return events.stream().anyMatch(SyncEvent.Planned.class::isInstance);
    }

    boolean isMine(LoggedRequest request) {
      return String.valueOf(request.header("user-agent")).endsWith(agent);
    }

    /** Bytes of files that the hub sent to this node. */
    long fromHub() {
      return hub.log().bytesServed(r -> isFile(r) && isMine(r));
    }

    private Callable<@Nullable Void> ending() {
      return () -> {
        end();
        return null;
      };
    }

    /** Stops it and waits until nothing of it writes to the stage's folder any more. */
    private void end() throws InterruptedException {
      stop();
      if (sync != null) {
        ClusterStage.await(left::isDone, this::log);
      }
      if (inCluster() != null) {
        Cluster channel = channel();
        ClusterStage.await(() -> Wires.isClosed(channel), this::log);
      }
    }

    String log() {
      StringBuilder text = new StringBuilder();
      events.forEach(e -> text.append(e).append('\n'));
      return text.toString();
    }

    void stop() {
      Sync running = sync;
      if (running != null) {
        running.stop();
      }
    }

    void assertWhole(HubRepo repo) throws IOException {
      SyncStage.assertWhole(repo, await().path());
      CacheInvariants.check(cache);
    }
  }

  NodeSettings settings(String zone) {
    return new NodeSettings(
        new ClusterSettings(
            "test",
            new Bind(InetAddress.getLoopbackAddress(), 0, "of the test"),
            Discovery.parse("file:" + folder.resolve("meet")),
            key),
        encrypt,
        zone,
        strategy,
        maxLanRate,
        maxClusterRate,
        waitFor,
        Duration.ofSeconds(20),
        linger);
  }

  Node node() {
    return node(folder.resolve("cache-" + UUID.randomUUID()));
  }

  /** With a cache that may hold something. */
  Node node(Path cache) {
    Node node = new Node(cache, "node/" + nodes.size());
    nodes.add(node);
    return node;
  }

  /** Nodes that begin only when all of them are here. */
  List<Node> together(int number) {
    waitFor = number;
    return nodes(number);
  }

  /**
   * Nodes that are joining now and begin when all of them are here; the first one coordinates, and
   * goes on doing so when others come.
   */
  List<Node> started(HubRepo repo, int number) throws InterruptedException {
    List<Node> made = together(number);
    made.getFirst().start(repo).awaitJoined();
    made.stream().skip(1).forEach(n -> n.start(repo));
    await(() -> made.stream().allMatch(n -> n.inCluster() != null), () -> "not all joined");
    assertTrue(made.getFirst().coordinates());
    return made;
  }

  /** Starts them all at once; each has all of the repo in the end. */
  void sync(HubRepo repo, List<Node> these) throws IOException {
    these.forEach(n -> n.start(repo));
    awaitWhole(repo, these);
  }

  void awaitWhole(HubRepo repo, List<Node> these) throws IOException {
    these.forEach(Node::await);
    for (Node node : these) {
      node.assertWhole(repo);
    }
  }

  /** Waits in small steps and counts these: a process that was paused is not late. */
  static void await(Condition condition, Supplier<String> state) throws InterruptedException {
    for (int i = 0; !condition.holds(); i++) {
      if (i == PATIENCE_SECONDS * 200) {
        fail("not within " + PATIENCE_SECONDS + " s: " + state.get());
      }
      Thread.sleep(5);
    }
  }

  /** Something that becomes true. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws InterruptedException;
  }

  /** Waits until the hub has sent so many bytes of files. */
  void awaitSent(long bytes) throws InterruptedException {
    await(() -> hub.log().fileBytesServed() >= bytes, () -> hub.log().fileBytesServed() + "");
  }

  List<Node> nodes(int number) {
    List<Node> made = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      made.add(node());
    }
    return made;
  }

  static boolean isFile(LoggedRequest request) {
    return request.file() != null && (request.status() == 200 || request.status() == 206);
  }

  /** Bytes of files that the hub sent, as a multiple of the repo's. */
  double overTheWan(HubRepo repo) {
    return (double) hub.log().fileBytesServed() / repo.totalSize();
  }

  void assertOverTheWan(HubRepo repo, double most) {
    double wan = overTheWan(repo);
    assertTrue(wan <= most, "the hub sent " + wan + " times the model, more than " + most);
  }
}
