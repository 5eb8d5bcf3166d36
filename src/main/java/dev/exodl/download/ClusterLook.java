package dev.exodl.download;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.swarm.ClusterStatus;
import dev.exodl.swarm.NodePorts;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.SeedSource;
import dev.exodl.swarm.SwarmNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at a cluster from inside: joins it, asks all nodes how they are, and leaves. */
public final class ClusterLook {
  /** Who has not answered by then is busy or gone. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private final NodeSettings settings;
  private final SyncVoice voice;
  private final Consumer<ClusterStatus> each;
  private volatile boolean stopped;
  private volatile @Nullable SwarmNode node;

  /** A look that tells each answer. */
  public ClusterLook(NodeSettings settings, SyncListener listener, Consumer<ClusterStatus> each) {
    this.settings = settings;
    this.voice = new SyncVoice(listener, new ProgressBoard());
    this.each = each;
  }

  /**
   * Looks once, or again and again with that much time in between; returns what it told last.
   *
   * @throws FailureException cluster failure when it cannot join
   */
  public ClusterStatus run(Optional<Duration> again) {
    NodePorts ports =
        new NodePorts(
            (repo, revision) -> {
              throw new FailureException(
                  new Failure.Cluster("this node only looks", repo.toString(), "ask another one"));
            },
            SeedSource.NONE,
            false,
            false,
            "",
            voice);
    long end = System.nanoTime() + settings.patience().toNanos();
    try (SwarmNode joined = SwarmNode.join(settings, ports)) {
      node = joined;
      awaitOthers(joined, end);
      while (true) {
        ClusterStatus status = joined.status(ANSWER);
        each.accept(status);
        if (again.isEmpty() || stopped) {
          return status;
        }
        Thread.sleep(again.get());
      }
    } catch (InterruptedException e) {
      throw (CancellationException) new CancellationException("stopped").initCause(e);
    }
  }

  /** That nobody is there is for who hears the answer to judge. */
  private void awaitOthers(SwarmNode joined, long end) throws InterruptedException {
    while (joined.others() == 0 && System.nanoTime() - end < 0 && !stopped) {
      Thread.sleep(20);
    }
  }

  /** Leaves; {@link #run} ends soon after. */
  public void stop() {
    stopped = true;
    SwarmNode joined = node;
    if (joined != null) {
      joined.close();
    }
  }
}
