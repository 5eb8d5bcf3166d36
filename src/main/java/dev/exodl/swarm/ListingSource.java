package dev.exodl.swarm;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Entry;
import java.util.List;
import java.util.Optional;

/** Where this node itself finds out what a revision is. */
@FunctionalInterface
public interface ListingSource {
  /**
   * A snapshot.
   *
   * @param open whether anybody may read it without a token
   */
  record Snapshot(Commit commit, boolean open, List<Entry> files) {}

  /**
   * Asks the hub; may take a while.
   *
   * @throws dev.exodl.model.FailureException what the hub said; cluster failure when this node is
   *     not to ask it
   */
  Snapshot find(Repo repo, Revision revision);

  /** What it was when the hub was last asked, from this node's disk. */
  default Optional<Snapshot> kept(Repo repo, Revision revision) {
    return Optional.empty();
  }
}
