package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A repo as it is in a cache.
 *
 * @param path its folder
 * @param bytes what its blobs and the real files in its snapshots take on the disk, unfinished
 *     downloads not counted
 * @param unlinked whole blobs that no snapshot links to
 * @param modified when a file of it was last written
 */
public record CachedRepo(
    Repo repo,
    Path path,
    long bytes,
    List<CachedRevision> revisions,
    List<Unlinked> unlinked,
    List<Unfinished> unfinished,
    Instant modified) {

  /**
   * A commit of which files are here.
   *
   * @param refs names that lead to it, such as {@code main}
   * @param bytes of its files; a blob that two commits share counts for both
   * @param ownBytes of the files that are in the snapshot itself, as in caches without links
   * @param blobs the files in {@code blobs/} that it links to
   * @param broken entries that are links to nothing, or lead out of the repo
   */
  public record CachedRevision(
      Commit commit,
      Path path,
      List<String> refs,
      int files,
      long bytes,
      long ownBytes,
      Set<Path> blobs,
      List<Path> broken,
      Instant modified) {}

  /** A whole blob without a use. */
  public record Unlinked(Path path, long bytes, Instant modified) {}

  /**
   * A download that is not whole.
   *
   * @param size of the blob in bytes; -1 when it cannot be told
   * @param held bytes that need not be fetched again
   * @param ours whether it is exo-dl's; else another client's
   */
  public record Unfinished(
      BlobId blob, Path path, long size, long held, boolean ours, Instant modified) {}

  /** Bytes that unfinished downloads hold. */
  public long unfinishedBytes() {
    return unfinished.stream().mapToLong(Unfinished::held).sum();
  }
}
