package dev.exodl.cli;

import dev.exodl.model.BlobId;
import dev.exodl.verify.BlobDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** Makes a Hugging Face cache by hand. */
final class FakeCache {
  static final String OLD = "1111111111111111111111111111111111111111";
  static final String NEW = "2222222222222222222222222222222222222222";
  static final Instant WRITTEN = Instant.parse("2026-01-02T03:04:05Z");

  final Path root;

  FakeCache(Path root) {
    this.root = root;
  }

  /** Adds a file to a commit; its blob has the hash as its name. */
  Path file(String repoFolder, String commit, String path, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    BlobDigest digest = BlobDigest.of(new BlobId.Sha256("0".repeat(64)), bytes.length);
    digest.update(bytes, 0, bytes.length);
    Path repo = root.resolve(repoFolder);
    Path blob = Files.createDirectories(repo.resolve("blobs")).resolve(digest.hex());
    Files.write(blob, bytes);
    Files.setLastModifiedTime(blob, FileTime.from(WRITTEN));
    Path link = repo.resolve("snapshots").resolve(commit).resolve(path);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, link.getParent().relativize(blob));
    return blob;
  }

  void ref(String repoFolder, String name, String commit) throws IOException {
    Path ref = root.resolve(repoFolder).resolve("refs").resolve(name);
    Files.createDirectories(ref.getParent());
    Files.writeString(ref, commit);
  }

  /** A model with two commits that share a file, and a dataset. */
  static FakeCache usual(Path root) throws IOException {
    FakeCache cache = new FakeCache(root);
    cache.file("models--org--name", OLD, "config.json", "{}");
    cache.file("models--org--name", OLD, "model.bin", "old weights");
    cache.file("models--org--name", NEW, "config.json", "{}");
    cache.file("models--org--name", NEW, "model.bin", "new weights, longer");
    cache.ref("models--org--name", "main", NEW);
    cache.file("datasets--org--data", OLD, "deep/in/data.csv", "a,b\n");
    cache.ref("datasets--org--data", "main", OLD);
    try (var all = Files.walk(root)) {
      for (Path folder : all.filter(p -> Files.isDirectory(p)).toList()) {
        Files.setLastModifiedTime(folder, FileTime.from(WRITTEN));
      }
    }
    return cache;
  }
}
