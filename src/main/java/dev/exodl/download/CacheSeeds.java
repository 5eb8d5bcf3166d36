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
import dev.exodl.store.Caches;
import dev.exodl.store.Presence;
import dev.exodl.swarm.SeedSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What of a snapshot caches hold whole; of those that are only read, any may be gone. */
final class CacheSeeds implements SeedSource {
  private final Caches caches;
  private final boolean noLinks;

  CacheSeeds(Caches caches, boolean noLinks) {
    this.caches = caches;
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
    Set<SwarmId> whole = new HashSet<>();
    Map<BlobId, Long> sizes = new HashMap<>();
    for (Path root : caches.all()) {
      try {
        count(root, whole, sizes);
      } catch (FailureException e) {
        if (!caches.others().contains(root)) {
          throw e;
        }
      }
    }
    return new Stock(whole.size(), sizes.values().stream().mapToLong(Long::longValue).sum());
  }

  private void count(Path root, Set<SwarmId> whole, Map<BlobId, Long> sizes) {
    for (CachedRepo repo : CacheScan.scan(root).repos()) {
      for (CachedRepo.CachedRevision revision : repo.revisions()) {
        SwarmId swarm = new SwarmId(repo.repo(), revision.commit());
        List<RepoFile> files =
            new CacheTarget(root, swarm.repo(), swarm.commit(), noLinks)
                .listing()
                .orElse(List.of());
        Set<BlobId> held = held(swarm, entries(files)).keySet();
        if (!files.isEmpty() && files.stream().allMatch(f -> held.contains(f.blob()))) {
          whole.add(swarm);
          files.forEach(f -> sizes.put(f.blob(), f.size()));
        }
      }
    }
  }

  private static List<Entry> entries(List<RepoFile> files) {
    return files.stream().map(f -> new Entry(f.path().value(), f.size(), f.blob())).toList();
  }

  @Override
  public boolean has(Repo repo) {
    return caches.all().stream().anyMatch(root -> has(root, repo));
  }

  private boolean has(Path root, Repo repo) {
    try {
      return CacheScan.scan(root, repo).isPresent();
    } catch (FailureException e) {
      if (!caches.others().contains(root)) {
        throw e;
      }
      return false;
    }
  }

  @Override
  public Map<BlobId, Path> held(SwarmId swarm, List<Entry> files) {
    Map<BlobId, Path> held = new HashMap<>();
    for (Path root : caches.all()) {
      CacheTarget target = new CacheTarget(root, swarm.repo(), swarm.commit(), noLinks);
      for (Entry entry : files) {
        if (!held.containsKey(entry.blob())) {
          at(target, entry).ifPresent(path -> held.put(entry.blob(), path));
        }
      }
    }
    return held;
  }

  private static Optional<Path> at(CacheTarget target, Entry entry) {
    try {
      RepoFile file = new RepoFile(new RepoPath(entry.path()), entry.size(), entry.blob());
      return switch (target.presence(file)) {
        case Presence.Visible there -> Optional.of(there.path());
        case Presence.BlobHere there -> Optional.of(there.source());
        case Presence.Check unknown -> Optional.empty();
        case Presence.Missing missing -> Optional.empty();
      };
    } catch (FailureException e) {
      // A hostile name, or a disk that cannot be read: nothing of it is given.
      return Optional.empty();
    }
  }
}
