package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.exodl.cluster.Bind;
import dev.exodl.cluster.ClusterKey;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.cluster.Discovery;
import dev.exodl.emulator.HubEmulator;
import dev.exodl.emulator.HubRepo;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.store.CacheInvariants;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.NodeSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A hub, and nodes on loopback with a cache each; new for each test. */
final class ClusterStage implements BeforeEachCallback, AfterEachCallback {
  private HubEmulator hub;
  private Path folder;
  private final List<Node> nodes = new ArrayList<>();

  /** What every node of the test begins with. */
  Strategy strategy = Strategy.SWARM;

  Linger linger = new Linger.UntilComplete(Duration.ofMillis(300));
  long maxClusterRate;
  int waitFor = 1;
  @Nullable ClusterKey key;
  boolean encrypt;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    hub = HubEmulator.start();
    folder = Files.createTempDirectory("exo-dl-cluster").toRealPath();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    nodes.forEach(Node::stop);
    nodes.forEach(Node::awaitEnd);
    hub.close();
    SyncStage.delete(folder);
  }

  HubEmulator hub() {
    return hub;
  }

  Path folder() {
    return folder;
  }

  /** A node that runs on a thread of its own. */
  final class Node {
    final Path cache;
    final List<SyncEvent> events = new CopyOnWriteArrayList<>();
    final ProgressBoard board = new ProgressBoard();
    final CompletableFuture<SyncResult> result = new CompletableFuture<>();
    final CompletableFuture<Void> left = new CompletableFuture<>();
    HubSettings hubSettings = HubSettings.of(URI.create(hub.url()));
    boolean offline;
    String zone = "";
    List<String> includes = List.of();
    private @Nullable Sync sync;

    Node(Path cache) {
      this.cache = cache;
    }

    /** Begins to sync all of the repo's main. */
    Node start(HubRepo repo) {
      Sync running =
          new Sync(
              new SyncSettings(hubSettings, FetchLimits.DEFAULT, false),
              settings(zone),
              events::add,
              board);
      sync = running;
      SyncRequest request =
          new SyncRequest(
              Asking.of(repo, cache).request().repo(),
              dev.exodl.model.Revision.MAIN,
              new SyncRequest.Selection(List.of(), includes, List.of()),
              new SyncRequest.Place.Cache(cache),
              offline,
              false,
              false,
              0);
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try {
                  result.complete(running.run(request));
                  running.linger();
                  left.complete(null);
                } catch (RuntimeException | Error e) {
                  result.completeExceptionally(e);
                  left.completeExceptionally(e);
                }
              });
      return this;
    }

    SyncResult await(long seconds) {
      try {
        return result.get(seconds, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        return fail("not within " + seconds + " s: " + board.view() + "\n" + log());
      } catch (InterruptedException e) {
        return fail(e);
      } catch (ExecutionException e) {
        return fail(log(), e.getCause());
      }
    }

    private void awaitEnd() {
      try {
        left.get(10, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException | CancellationException e) {
        // How it ended is not the question here.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
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
      SyncStage.assertWhole(repo, await(1).path());
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
        0,
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
    Node node = new Node(cache);
    nodes.add(node);
    return node;
  }

  List<Node> nodes(int number) {
    List<Node> made = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      made.add(node());
    }
    return made;
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
