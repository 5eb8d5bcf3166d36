package dev.exodl.model;

/** What a blob is named by and verified against: the hub's ETag is a hash of the content. */
public sealed interface BlobId {
  /** The hash in lower-case hexadecimal digits; the blob's file name in the cache. */
  String hex();

  /** An LFS file: SHA-256 of the content, 64 digits. */
  record Sha256(String hex) implements BlobId {
    public Sha256 {
      if (!Hex.is(hex, 64)) {
        throw new IllegalArgumentException("not a sha256: " + Printable.of(hex));
      }
    }
  }

  /** A file kept in git: SHA-1 of {@code "blob " + size + NUL + content}, 40 digits. */
  record GitSha1(String hex) implements BlobId {
    public GitSha1 {
      if (!Hex.is(hex, 40)) {
        throw new IllegalArgumentException("not a git blob id: " + Printable.of(hex));
      }
    }
  }

  /**
   * The id that an ETag stands for, told by its length.
   *
   * @throws IllegalArgumentException when it is neither 64 nor 40 hexadecimal digits
   */
  static BlobId of(String hex) {
    return hex.length() == 64 ? new Sha256(hex) : new GitSha1(hex);
  }
}
