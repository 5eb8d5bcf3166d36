package dev.exodl.hub;

import dev.exodl.model.BlobId;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;

/**
 * A file as the hub lists it. The name is as it came and may be hostile.
 *
 * @param path never use it as a path on disk, see {@link #checked()}
 * @param size true size in bytes, also for LFS files
 */
public record ListedFile(String path, long size, BlobId blob) {
  /**
   * The file with its name checked.
   *
   * @throws dev.exodl.model.FailureException integrity failure that says what is wrong with the
   *     name
   */
  public RepoFile checked() {
    return new RepoFile(new RepoPath(path), size, blob);
  }
}
