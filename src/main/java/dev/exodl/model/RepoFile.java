package dev.exodl.model;

/** A file of a snapshot: its path, true size in bytes, and the blob that is its content. */
public record RepoFile(RepoPath path, long size, BlobId blob) {
  public RepoFile {
    if (size < 0) {
      throw new IllegalArgumentException("negative size of " + path);
    }
  }
}
