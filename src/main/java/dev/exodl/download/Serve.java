package dev.exodl.download;

import dev.exodl.hub.HubClient;
import dev.exodl.swarm.NodePorts;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.Serving;
import dev.exodl.swarm.SwarmNode;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shares what a cache holds with the nodes of a cluster, until it is stopped. */
public final class Serve {
  private final SyncSettings settings;
  private final NodeSettings cluster;
  private final SyncVoice voice;
  private final Consumer<Serving> ready;
  private volatile boolean stopped;
  private volatile @Nullable SwarmNode node;

  /** A server that tells its events to the listener, and when others can get chunks from it. */
  public Serve(
      SyncSettings settings, NodeSettings cluster, SyncListener listener, Consumer<Serving> ready) {
    this.settings = settings;
    this.cluster = cluster;
    this.voice = new SyncVoice(listener, new ProgressBoard());
    this.ready = ready;
  }

  /**
   * Joins and serves, on the caller's thread; returns the bytes it sent.
   *
   * @throws dev.exodl.model.FailureException when it cannot join
   */
  public long run(ServeRequest request) {
    boolean openOnly = cluster.cluster().key() == null;
    HubClient hub = new HubClient(settings.hub(), voice);
    HubQuestions questions =
        openOnly
            ? HubQuestions.ofAnybody(settings.anybody(voice), hub, voice)
            : new HubQuestions(hub, voice);
    CacheSeeds seeds = new CacheSeeds(request.caches(), settings.noLinks());
    CacheSeeds.Stock stock = seeds.stock();
    NodePorts ports =
        new NodePorts(
            new OwnListing(
                settings, questions, request.caches(), null, !request.offline(), openOnly),
            seeds,
            true,
            false,
            settings.hub().version(),
            voice);
    try (SwarmNode joined = SwarmNode.join(cluster, ports)) {
      node = joined;
      if (!stopped) {
        ready.accept(
            new Serving(joined.address(), joined.nodes(), stock.snapshots(), stock.bytes()));
        joined.tellIfAlone(voice::detail);
        joined.serve();
      }
      return joined.served();
    } catch (InterruptedException e) {
      throw (CancellationException) new CancellationException("stopped").initCause(e);
    }
  }

  /** Leaves in good order; {@link #run} returns then. */
  public void stop() {
    stopped = true;
    SwarmNode joined = node;
    if (joined != null) {
      joined.close();
    }
  }
}
