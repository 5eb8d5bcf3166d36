package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Chunk;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;

/** A file's bytes made up for a test, with what the hub would say of it. */
record Content(RepoFile file, byte[] bytes) {
  static final int MIB = 1 << 20;

  /** An LFS file of pseudo-random bytes. */
  static Content lfs(String path, int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    BlobId blob = new BlobId.Sha256(hash("SHA-256", new byte[0], bytes));
    return new Content(new RepoFile(new RepoPath(path), size, blob), bytes);
  }

  /** A file kept in git. */
  static Content git(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    BlobId blob = new BlobId.GitSha1(gitHash(bytes));
    return new Content(new RepoFile(new RepoPath(path), bytes.length, blob), bytes);
  }

  /** The same content at another path. */
  Content at(String path) {
    return new Content(new RepoFile(new RepoPath(path), file.size(), file.blob()), bytes);
  }

  static String gitHash(byte[] bytes) {
    return hash(
        "SHA-1", ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII), bytes);
  }

  static String hash(String algorithm, byte[] head, byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(head);
      return HexFormat.of().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  int crc(Chunk chunk) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, (int) chunk.offset(), chunk.length());
    return (int) crc.getValue();
  }

  /** Writes one chunk and reports it. */
  void give(PartFile part, int index) {
    Chunk chunk = part.grid().chunk(index);
    part.write(chunk.offset(), bytes, (int) chunk.offset(), chunk.length());
    part.held(chunk, crc(chunk));
  }

  /** Writes all chunks that are not held. */
  void giveRest(PartFile part) {
    for (int i = 0; i < part.grid().count(); i++) {
      if (!part.have().get(i)) {
        give(part, i);
      }
    }
  }
}
