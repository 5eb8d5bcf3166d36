package dev.exodl.swarm;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Entry;
import java.util.List;

/** Where this node itself finds out what a revision is: the hub, or what was kept on its disk. */
@FunctionalInterface
public interface ListingSource {
  /**
   * A snapshot.
   *
   * @param open whether anybody may read it without a token
   */
  record Snapshot(Commit commit, boolean open, List<Entry> files) {}

  /**
   * Finds it out; may take a while.
   *
   * @throws dev.exodl.model.FailureException what the user can be told
   */
  Snapshot find(Repo repo, Revision revision);
}
