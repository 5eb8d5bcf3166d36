package dev.exodl.cli;

import dev.exodl.cli.show.Display;
import dev.exodl.cli.show.NodesView;
import dev.exodl.cli.show.Ticker;
import dev.exodl.cluster.Bind;
import dev.exodl.cluster.ClusterKey;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.cluster.Discovery;
import dev.exodl.demo.Demo;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncEvent;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.NodeSettings;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The demo's nodes: syncs in this process, each as {@code exo-dl sync --cluster} does it, on
 * loopback only. No proxy and no token, whatever the settings say.
 */
final class DemoNodes implements Demo.Client {
  /** All are started at once, so this is only for a machine that is very busy. */
  private static final Duration MEETING = Duration.ofSeconds(60);

  private static final Duration LINGER = Duration.ofMillis(200);

  /** Part of what {@link Stopper} gives: what they leave is removed after that. */
  private static final long STOP_MILLIS = 900;

  private final Program program;
  private final ProgressOptions output;
  private final boolean several;
  private @Nullable Group running;
  private boolean stopped;

  /**
   * Nodes that have not begun.
   *
   * @param several whether lines are told with the node's name
   */
  DemoNodes(Program program, ProgressOptions output, boolean several) {
    this.several = several;
    this.program = program;
    this.output = output;
  }

  @Override
  public List<Demo.Fetched> sync(URI endpoint, String repo, List<Path> caches, Path meeting) {
    SyncSettings settings =
        new SyncSettings(
            HubSettings.of(endpoint), FetchLimits.DEFAULT, !program.settings().symlinks());
    Optional<NodeSettings> cluster =
        caches.size() == 1 ? Optional.empty() : Optional.of(cluster(caches.size(), meeting));
    try (Display display = output.display(program)) {
      Group group = new Group(display, caches.size());
      for (Path cache : caches) {
        group.add(settings, cluster, request(repo, cache));
      }
      begin(group);
      try (Ticker _ = Ticker.start(display, group::figures)) {
        return group.run();
      }
    }
  }

  /**
   * One of this run only: its name, its key and the folder where the nodes meet are nobody else's.
   */
  private static NodeSettings cluster(int nodes, Path meeting) {
    Path key = meeting.resolveSibling("cluster.key");
    ClusterKey.generate(key);
    return new NodeSettings(
        new ClusterSettings(
            "exo-dl-demo-" + ProcessHandle.current().pid(),
            new Bind(InetAddress.ofLiteral("127.0.0.1"), 0, "of the demo"),
            new Discovery.Folder(meeting),
            ClusterKey.load(key)),
        false,
        "",
        Strategy.SWARM,
        0,
        0,
        nodes,
        MEETING,
        new Linger.UntilComplete(LINGER));
  }

  private static SyncRequest request(String repo, Path cache) {
    return new SyncRequest(
        new Repo(RepoType.MODEL, repo),
        Revision.MAIN,
        SyncRequest.Selection.ALL,
        new SyncRequest.Place.Cache(cache),
        false,
        false,
        false,
        0);
  }

  private synchronized void begin(Group group) {
    if (stopped) {
      throw new CancellationException("stopped");
    }
    running = group;
  }

  /**
   * Ends what runs, and lets nothing begin any more; returns when nothing is written any more, or
   * after about a second. From any thread.
   */
  void stop() {
    Group group;
    synchronized (this) {
      stopped = true;
      group = running;
    }
    if (group != null) {
      group.stop();
      group.await(STOP_MILLIS);
      group.display.close();
    }
  }

  /** One node, and what it did when it has. */
  private static final class Node {
    private final SyncRequest request;
    private final ProgressBoard board;
    private final Jobs.Running<SyncRequest, SyncResult> sync;
    private volatile Demo.@Nullable Fetched fetched;

    Node(SyncRequest request, ProgressBoard board, Jobs.Running<SyncRequest, SyncResult> sync) {
      this.request = request;
      this.board = board;
      this.sync = sync;
    }

    void run() {
      SyncResult result = sync.run(request);
      sync.after();
      fetched =
          new Demo.Fetched(
              result.path(),
              result.bytesFetched() - result.bytesFromPeers(),
              result.bytesFromPeers(),
              result.took());
    }

    Demo.Fetched fetched() {
      Demo.Fetched done = fetched;
      if (done == null) {
        throw new CancellationException("stopped");
      }
      return done;
    }
  }

  /** Nodes that work at the same time. */
  private final class Group {
    private final Display display;
    private final List<Node> nodes = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch left;

    Group(Display display, int size) {
      this.display = display;
      this.left = new CountDownLatch(size);
    }

    void add(SyncSettings settings, Optional<NodeSettings> cluster, SyncRequest request) {
      ProgressBoard board = new ProgressBoard();
      SyncListener listener =
          several ? new Voice(display, "node " + (nodes.size() + 1) + ": ") : display;
      nodes.add(new Node(request, board, program.jobs().sync(settings, cluster, listener, board)));
    }

    ProgressBoard.View figures() {
      return nodes.size() == 1
          ? nodes.getFirst().board.view()
          : NodesView.of(nodes.stream().map(n -> n.board).toList());
    }

    List<Demo.Fetched> run() {
      for (int i = 0; i < nodes.size(); i++) {
        Node node = nodes.get(i);
        // Platform threads, as the fetch's monitor must not wait for a carrier.
        Thread.ofPlatform().daemon().name("node " + (i + 1)).start(() -> run(node));
      }
      await(Long.MAX_VALUE);
      switch (failure.get()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> {}
      }
      return nodes.stream().map(Node::fetched).toList();
    }

    private void run(Node node) {
      try {
        node.run();
      } catch (RuntimeException | Error e) {
        // The others end because of it, so what they say is no news.
        if (failure.compareAndSet(null, e)) {
          stop();
        }
      } finally {
        left.countDown();
      }
    }

    /** Begins to stop all: each may take a second, so they do it side by side. */
    void stop() {
      nodes.forEach(n -> Thread.ofVirtual().name("stop").start(n.sync::stop));
    }

    void await(long millis) {
      try {
        boolean _ = left.await(millis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        stop();
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What a node tells, with its name; nine files of each node are too many lines for a demo. */
  private record Voice(Display display, String name) implements SyncListener {
    @Override
    public void on(SyncEvent event) {
      display.on(
          switch (event) {
            case SyncEvent.Resolved e ->
                new SyncEvent.Detail(name + "main is " + e.commit().brief());
            case SyncEvent.Planned e ->
                new SyncEvent.Detail(name + e.missing() + " of " + e.chosen() + " files to fetch");
            case SyncEvent.Sharded e -> e;
            case SyncEvent.Dealt e -> e;
            case SyncEvent.ShardReady e -> e;
            case SyncEvent.Checking e -> e;
            case SyncEvent.Reused e -> e;
            case SyncEvent.FilePlaced e ->
                new SyncEvent.Detail(name + "done " + e.file().path().value());
            case SyncEvent.Retrying e ->
                new SyncEvent.Retrying(name + e.where(), e.what(), e.attempt(), e.delay());
            case SyncEvent.Throttled e -> new SyncEvent.Throttled(name + e.what(), e.delay());
            case SyncEvent.WaitingForLock e -> e;
            case SyncEvent.Repairing e -> new SyncEvent.Repairing(e.file(), name + e.what());
            case SyncEvent.Warning e -> new SyncEvent.Warning(name + e.text());
            case SyncEvent.Detail e -> new SyncEvent.Detail(name + e.text());
          });
    }
  }
}
