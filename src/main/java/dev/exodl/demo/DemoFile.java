package dev.exodl.demo;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;

/** A file of the demo repo. */
sealed interface DemoFile {
  /** Its path in the repo. */
  String path();

  /** In bytes. */
  long size();

  /** The content's hash as the hub gives it for an ETag, in lower-case hexadecimal digits. */
  String etag();

  /** A digest that, fed with the content, gives {@link #etag()}. */
  MessageDigest digest();

  /** Kept in git: served by the hub itself. */
  record Small(String path, String text, String etag) implements DemoFile {
    static Small of(String path, String text) {
      return new Small(path, text, Hashes.gitBlob(text.getBytes(StandardCharsets.UTF_8)));
    }

    byte[] content() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public long size() {
      return content().length;
    }

    @Override
    public MessageDigest digest() {
      return Hashes.gitBlob(size());
    }
  }

  /**
   * Kept in LFS: served from elsewhere.
   *
   * @param file where its bytes are
   * @param etag the sha256 of its content
   */
  record Weights(String path, Path file, long size, String etag) implements DemoFile {
    /** The text that stands in git for the content (git-lfs, {@code docs/spec.md}). */
    byte[] pointer() {
      return ("version https://git-lfs.github.com/spec/v1\noid sha256:"
              + etag
              + "\nsize "
              + size
              + "\n")
          .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public MessageDigest digest() {
      return Hashes.sha256();
    }
  }
}
