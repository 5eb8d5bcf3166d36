package dev.exodl.download;

import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import dev.exodl.store.Caches;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Which snapshot of a cache is to be put into an archive.
 *
 * @param selection which of its files
 */
public record ExportRequest(
    Caches caches, Repo repo, Revision revision, SyncRequest.Selection selection, To to) {
  /** From one cache. */
  public ExportRequest(
      Path cacheRoot, Repo repo, Revision revision, SyncRequest.Selection selection, To to) {
    this(Caches.one(cacheRoot), repo, revision, selection, to);
  }

  /** Where the archive goes. */
  public sealed interface To {
    /** A file, which appears when it is whole. */
    record File(Path path) implements To {}

    /** Whoever reads it. */
    record Stream(OutputStream out) implements To {}
  }

  SyncRequest asSync() {
    return new SyncRequest(
        repo, revision, selection, new SyncRequest.Place.Cache(caches), true, false, false, 0);
  }
}
