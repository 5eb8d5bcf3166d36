package dev.exodl.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file's content together with the names that the hub gives it; digests are computed once, when
 * first asked for.
 */
public final class Blob {

  private final RepoContent content;
  private final boolean lfs;
  private @Nullable String sha256;
  private @Nullable String gitOid;

  private Blob(RepoContent content, boolean lfs, @Nullable String sha256) {
    this.content = content;
    this.lfs = lfs;
    this.sha256 = sha256;
  }

  static Blob git(RepoContent content) {
    return new Blob(content, false, null);
  }

  /**
   * @param sha256 the digest that the hub claims; null: the true one
   */
  static Blob lfs(RepoContent content, @Nullable String sha256) {
    return new Blob(content, true, sha256);
  }

  public RepoContent content() {
    return content;
  }

  public long size() {
    return content.size();
  }

  /** Whether it is kept in LFS (served by the CDN) and not in git. */
  public boolean isLfs() {
    return lfs;
  }

  /** Lower-case hex sha256 of the content. */
  public synchronized String sha256() {
    if (sha256 == null) {
      sha256 = digest("SHA-256", new byte[0], content);
    }
    return sha256;
  }

  /** Git blob id: of the content, or for LFS of the pointer text. */
  public synchronized String oid() {
    if (gitOid == null) {
      var of = lfs ? RepoContent.of(pointer()) : content;
      var header = ("blob " + of.size() + "\0").getBytes(StandardCharsets.US_ASCII);
      gitOid = digest("SHA-1", header, of);
    }
    return gitOid;
  }

  /** The blob's name in a Hugging Face cache: sha256 for LFS, git oid otherwise. */
  public String etag() {
    return lfs ? sha256() : oid();
  }

  /** A stand-in for the hash of Xet storage: stable, 64 hex, unrelated to the sha256. */
  String xetHash() {
    return hash("SHA-256", "xet " + sha256());
  }

  /** The CDN's own ETag, which is no digest of the content. */
  String cdnEtag() {
    return hash("MD5", "cdn " + etag()) + "-64";
  }

  /** The text that git holds in place of an LFS file. */
  byte[] pointer() {
    return ("version https://git-lfs.github.com/spec/v1\noid sha256:"
            + sha256()
            + "\nsize "
            + size()
            + "\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Hex digest of a short text. */
  static String hash(String algorithm, String text) {
    return digest(algorithm, text.getBytes(StandardCharsets.UTF_8), RepoContent.of(new byte[0]));
  }

  private static String digest(String algorithm, byte[] before, RepoContent content) {
    try {
      var digest = MessageDigest.getInstance(algorithm);
      digest.update(before);
      var buffer = new byte[(int) Math.min(1 << 18, content.size())];
      for (long at = 0; at < content.size(); ) {
        int n = (int) Math.min(buffer.length, content.size() - at);
        content.read(at, buffer, 0, n);
        digest.update(buffer, 0, n);
        at += n;
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
