package dev.exodl.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.model.BlobId;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A commit's listing as Hugging Face's newest client keeps it: {@code trees/<commit>.json}. Source:
 * huggingface_hub {@code _tree_cache.py}, format version 1.
 */
final class TreeFile {
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private TreeFile() {}

  /**
   * The listing; empty when there is none, or it is of an unknown version or not fit to be used.
   */
  static Optional<List<RepoFile>> read(Path file) {
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      JsonNode root = JSON.readTree(in);
      if (root.path("format_version").asInt() != VERSION || !root.path("files").isObject()) {
        return Optional.empty();
      }
      List<RepoFile> files = new ArrayList<>();
      for (var entry : root.path("files").properties()) {
        files.add(file(entry.getKey(), entry.getValue()));
      }
      files.sort(Comparator.comparing(RepoFile::path));
      return Optional.of(files);
    } catch (NoSuchFileException | JsonProcessingException e) {
      return Optional.empty();
    } catch (IllegalArgumentException | FailureException e) {
      // A size, hash or name that cannot be: the hub's own listing will be asked instead, and
      // judged there.
      return Optional.empty();
    } catch (IOException e) {
      throw StorageFailure.of(e, "read the listing", file);
    }
  }

  private static RepoFile file(String path, JsonNode info) {
    JsonNode sha256 = info.path("lfs_sha256");
    boolean lfs = sha256.isTextual();
    JsonNode size =
        lfs && info.path("lfs_size").isIntegralNumber() ? info.path("lfs_size") : info.path("size");
    if (!size.isIntegralNumber()) {
      throw new IllegalArgumentException("no size");
    }
    BlobId blob =
        lfs
            ? new BlobId.Sha256(sha256.asText())
            : new BlobId.GitSha1(info.path("blob_id").asText());
    return new RepoFile(new RepoPath(path), size.asLong(), blob);
  }

  /** The file's content for these files. */
  static byte[] encode(Collection<RepoFile> files) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format_version", VERSION);
    ObjectNode entries = root.putObject("files");
    files.stream()
        .sorted(Comparator.comparing(RepoFile::path))
        .forEach(file -> put(entries.putObject(file.path().value()), file));
    return root.toPrettyString().getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ObjectNode entry, RepoFile file) {
    entry.put("size", file.size());
    switch (file.blob()) {
      case BlobId.GitSha1 blob -> entry.put("blob_id", blob.hex());
      case BlobId.Sha256 blob -> {
        entry.put("blob_id", pointerId(blob, file.size()));
        entry.put("lfs_sha256", blob.hex());
        entry.put("lfs_size", file.size());
      }
    }
  }

  /**
   * The git id of an LFS file's pointer, which is what git keeps in its place. Source: git-lfs,
   * docs/spec.md.
   */
  private static String pointerId(BlobId.Sha256 blob, long size) {
    String pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:"
            + blob.hex()
            + "\nsize "
            + size
            + "\n";
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + pointer.length() + "\0").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(sha1.digest(pointer.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
