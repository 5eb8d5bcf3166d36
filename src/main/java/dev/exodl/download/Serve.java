package dev.exodl.download;

import dev.exodl.hub.HubClient;
import dev.exodl.swarm.NodePorts;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.SwarmNode;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Shares what a cache holds with the nodes of a cluster, until it is stopped. */
public final class Serve {
  private final SyncSettings settings;
  private final NodeSettings cluster;
  private final Path cacheRoot;
  private final SyncVoice voice;
  private volatile boolean stopped;
  private volatile @Nullable SwarmNode node;

  /** A server that tells its events to the listener. */
  public Serve(SyncSettings settings, NodeSettings cluster, Path cacheRoot, SyncListener listener) {
    this.settings = settings;
    this.cluster = cluster;
    this.cacheRoot = cacheRoot;
    this.voice = new SyncVoice(listener, new ProgressBoard());
  }

  /**
   * Joins and serves, on the caller's thread.
   *
   * @param offline whether the hub is not even asked what a revision is
   * @param ready called when it serves
   * @throws dev.exodl.model.FailureException when it cannot join
   */
  public void run(boolean offline, Runnable ready) {
    HubQuestions questions = new HubQuestions(new HubClient(settings.hub(), voice), voice);
    try (SwarmNode joined =
        SwarmNode.join(
            cluster,
            new NodePorts(
                new OwnListing(settings, questions, cacheRoot, !offline),
                new CacheSeeds(cacheRoot, settings.noLinks()),
                false,
                settings.hub().version(),
                voice))) {
      node = joined;
      if (!stopped) {
        ready.run();
        joined.serve();
      }
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
