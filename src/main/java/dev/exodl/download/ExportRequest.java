package dev.exodl.download;

import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Which snapshot of a cache is to be put into an archive.
 *
 * @param selection which of its files
 */
public record ExportRequest(
    Path cacheRoot, Repo repo, Revision revision, SyncRequest.Selection selection, To to) {
  /** Where the archive goes. */
  public sealed interface To {
    /** A file, which appears when it is whole. */
    record File(Path path) implements To {}

    /** Whoever reads it. */
    record Stream(OutputStream out) implements To {}
  }

  SyncRequest asSync() {
    return new SyncRequest(
        repo, revision, selection, new SyncRequest.Place.Cache(cacheRoot), true, false, false, 0);
  }
}
