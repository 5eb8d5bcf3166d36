package dev.exodl.verify;

import dev.exodl.model.BlobId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The digest of one blob, fed with its bytes in order. For one thread at a time.
 *
 * <p>An LFS file is named by the SHA-256 of its content; a git file by the SHA-1 of {@code "blob "
 * + decimal size + NUL + content}, git's object format.
 */
public final class BlobDigest {
  private final BlobId id;
  private final long size;
  private final ByteHash hash;
  private long bytes;
  private @Nullable String hex;

  /** A digest by the fastest engine here. */
  public static BlobDigest of(BlobId id, long size) {
    return new BlobDigest(id, size, ByteHash.fastest());
  }

  /**
   * A digest by the given engine.
   *
   * @param size of the blob in bytes
   */
  public BlobDigest(BlobId id, long size, ByteHash.Engine engine) {
    this.id = id;
    this.size = size;
    this.hash =
        switch (id) {
          case BlobId.Sha256 lfs -> engine.sha256();
          case BlobId.GitSha1 git -> engine.sha1();
        };
    if (id instanceof BlobId.GitSha1) {
      byte[] header = ("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII);
      hash.update(header, 0, header.length);
    }
  }

  /**
   * Takes the next bytes.
   *
   * @throws IllegalStateException after {@link #hex()} or {@link #matches()}
   */
  public void update(byte[] content, int from, int length) {
    if (hex != null) {
      throw new IllegalStateException("the digest is done");
    }
    hash.update(content, from, length);
    bytes += length;
  }

  /** How many bytes were taken. */
  public long bytes() {
    return bytes;
  }

  /** The digest of what was taken, in lower-case hexadecimal digits. Ends the digest. */
  public String hex() {
    if (hex == null) {
      hex = hash.hex();
    }
    return hex;
  }

  /** Whether what was taken is the whole blob and the right one. Ends the digest. */
  public boolean matches() {
    return bytes == size && hex().equals(id.hex());
  }
}
