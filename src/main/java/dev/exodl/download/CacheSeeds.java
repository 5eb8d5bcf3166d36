package dev.exodl.download;

import dev.exodl.model.BlobId;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.store.CacheScan;
import dev.exodl.store.CacheTarget;
import dev.exodl.store.CachedRepo;
import dev.exodl.store.Presence;
import dev.exodl.swarm.SeedSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of a snapshot a cache holds whole. */
final class CacheSeeds implements SeedSource {
  private final Path cacheRoot;
  private final boolean noLinks;

  CacheSeeds(Path cacheRoot, boolean noLinks) {
    this.cacheRoot = cacheRoot;
    this.noLinks = noLinks;
  }

  /**
   * What there is to give.
   *
   * @param snapshots that are here whole and listed
   * @param bytes of their blobs, each counted once
   */
  record Stock(int snapshots, long bytes) {}

  Stock stock() {
    int snapshots = 0;
    Map<BlobId, Long> sizes = new HashMap<>();
    for (CachedRepo repo : CacheScan.scan(cacheRoot).repos()) {
      for (CachedRepo.CachedRevision revision : repo.revisions()) {
        List<RepoFile> files =
            new CacheTarget(cacheRoot, repo.repo(), revision.commit(), noLinks)
                .listing()
                .orElse(List.of());
        Set<BlobId> held =
            held(new SwarmId(repo.repo(), revision.commit()), entries(files)).keySet();
        if (!files.isEmpty() && files.stream().allMatch(f -> held.contains(f.blob()))) {
          snapshots++;
          files.forEach(f -> sizes.put(f.blob(), f.size()));
        }
      }
    }
    return new Stock(snapshots, sizes.values().stream().mapToLong(Long::longValue).sum());
  }

  private static List<Entry> entries(List<RepoFile> files) {
    return files.stream().map(f -> new Entry(f.path().value(), f.size(), f.blob())).toList();
  }

  @Override
  public boolean has(Repo repo) {
    return CacheScan.scan(cacheRoot, repo).isPresent();
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
