package dev.exodl.swarm;

import dev.exodl.cluster.Bind;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.cluster.Discovery;
import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.Exchange;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.fetch.Fetcher;
import dev.exodl.fetch.FileWork;
import dev.exodl.fetch.Silence;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmMessage;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** A node on loopback, whose hub nobody asks. */
final class OneNode {
  private static final Repo REPO = new Repo(RepoType.MODEL, "org/model");

  private static final NodeListener SILENT =
      new NodeListener() {
        @Override
        public void warn(String text) {}

        @Override
        public void detail(String text) {}
      };

  private OneNode() {}

  /** Joins those that meet in the same folder. */
  static SwarmNode join(Path meeting) {
    return join(meeting, OneNode::nobodyAsks, SeedSource.NONE);
  }

  private static ListingSource.Snapshot nobodyAsks(Repo repo, Revision revision) {
    throw new FailureException(new Failure.Network("nobody asks it", "the hub", ""));
  }

  /** The same, for one that may ask the hub for content. */
  static SwarmNode join(Path meeting, Strategy strategy, long maxClusterRate) {
    return join(
        meeting, OneNode::nobodyAsks, SeedSource.NONE, SILENT, strategy, maxClusterRate, true);
  }

  /** The same, with something to serve. */
  static SwarmNode join(Path meeting, ListingSource listings, SeedSource seeds) {
    return join(meeting, listings, seeds, SILENT);
  }

  /** The same, for one that hears what a user would. */
  static SwarmNode join(
      Path meeting, ListingSource listings, SeedSource seeds, NodeListener listener) {
    return join(meeting, listings, seeds, listener, Strategy.SWARM, 0, false);
  }

  private static SwarmNode join(
      Path meeting,
      ListingSource listings,
      SeedSource seeds,
      NodeListener listener,
      Strategy strategy,
      long maxClusterRate,
      boolean hub) {
    return SwarmNode.join(
        new NodeSettings(
            new ClusterSettings(
                "test",
                new Bind(InetAddress.getLoopbackAddress(), 0, "of the test"),
                Discovery.parse("file:" + meeting),
                null),
            false,
            "",
            strategy,
            0,
            maxClusterRate,
            1,
            Duration.ofSeconds(20),
            new Linger.Never()),
        new NodePorts(listings, seeds, true, hub, "test", listener));
  }

  /** A fetch of a file, in which nothing happens. */
  static Fetcher fetch(Swarm swarm, RepoFile file) {
    ChunkSource hub =
        (of, range) -> {
          throw new AssertionError("nobody asks it");
        };
    swarm.want(List.of(file), List.of(file), hub, 4, NeededFirst.NOTHING);
    Fetcher fetcher =
        new Fetcher(
            List.of(new Never(file)),
            Exchange.alone(hub),
            (int) Ids.MIB,
            1,
            FetchLimits.DEFAULT,
            new Silence());
    swarm.begins(fetcher);
    return fetcher;
  }

  /** A file that nobody begins with. */
  private record Never(RepoFile file) implements FileWork {
    @Override
    public Optional<Unfinished> open(Runnable waiting) {
      throw new AssertionError("nobody opens it");
    }

    @Override
    public BitSet whole() {
      return new BitSet();
    }
  }

  static SwarmMessage.Listed listed(Entry... files) {
    return listed(new Commit("c".repeat(40)), files);
  }

  static SwarmMessage.Listed listed(Commit commit, Entry... files) {
    return new SwarmMessage.Listed(REPO, new Revision("main"), commit, true, List.of(files));
  }
}
