package dev.exodl.download;

import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import dev.exodl.store.Caches;
import java.nio.file.Path;

/** What is to be verified. */
public sealed interface VerifyRequest {
  /**
   * All blobs and snapshots of caches, by the hashes that name them and the listings kept there.
   */
  record WholeCache(Caches caches) implements VerifyRequest {
    /** Of one cache. */
    public WholeCache(Path cacheRoot) {
      this(Caches.one(cacheRoot));
    }
  }

  /**
   * One snapshot, against the commit's listing.
   *
   * @param offline use only a listing that was kept
   */
  record Snapshot(Repo repo, Revision revision, SyncRequest.Place place, boolean offline)
      implements VerifyRequest {}

  /** A local dir, against what the clients remember of each file they put there. */
  record Remembered(Path folder) implements VerifyRequest {}
}
