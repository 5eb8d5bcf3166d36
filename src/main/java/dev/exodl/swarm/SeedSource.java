package dev.exodl.swarm;

import dev.exodl.model.BlobId;
import dev.exodl.model.Repo;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What this node's disk holds whole of a snapshot that others want. */
@FunctionalInterface
public interface SeedSource {
  SeedSource NONE = (swarm, files) -> Map.of();

  /** The whole blobs and where they are; may look at the disk. */
  Map<BlobId, Path> held(SwarmId swarm, List<Entry> files);

  /** Whether it can hold anything of a repo, of whichever snapshot. */
  default boolean has(Repo repo) {
    return true;
  }
}
