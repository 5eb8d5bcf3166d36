package dev.exodl.download;

import dev.exodl.model.BlobId;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.store.CacheTarget;
import dev.exodl.store.Presence;
import dev.exodl.swarm.SeedSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What of a snapshot a cache holds whole. */
final class CacheSeeds implements SeedSource {
  private final Path cacheRoot;
  private final boolean noLinks;

  CacheSeeds(Path cacheRoot, boolean noLinks) {
    this.cacheRoot = cacheRoot;
    this.noLinks = noLinks;
  }

  @Override
  public Map<BlobId, Path> held(SwarmId swarm, List<Entry> files) {
    CacheTarget target = new CacheTarget(cacheRoot, swarm.repo(), swarm.commit(), noLinks);
    Map<BlobId, Path> held = new HashMap<>();
    for (Entry entry : files) {
      try {
        RepoFile file = new RepoFile(new RepoPath(entry.path()), entry.size(), entry.blob());
        switch (target.presence(file)) {
          case Presence.Visible there -> held.put(file.blob(), there.path());
          case Presence.BlobHere there -> held.put(file.blob(), there.source());
          case Presence.Check unknown -> {}
          case Presence.Missing missing -> {}
        }
      } catch (FailureException e) {
        // A hostile name, or a disk that cannot be read: nothing of it is given.
      }
    }
    return held;
  }
}
