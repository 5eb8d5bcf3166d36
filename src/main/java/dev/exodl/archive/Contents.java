package dev.exodl.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an archive holds.
 *
 * @param revision the ref that stands for the commit, or the commit itself
 * @param listing all files of the commit, in the order of their paths
 * @param chosen those whose blobs are in the archive
 */
public record Contents(
    Repo repo, Revision revision, Commit commit, List<RepoFile> listing, Set<RepoPath> chosen) {
  static final String NAME = "exo-dl-export.json";

  /** Bytes of the largest that is read: some 400,000 files. */
  static final int LARGEST = 64 << 20;

  /** Sums of sizes have to stay numbers: 1 EiB. */
  private static final long MOST_BYTES = 1L << 60;

  private static final String FORMAT = "exo-dl export";
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  public Contents {
    listing = listing.stream().sorted(Comparator.comparing(RepoFile::path)).toList();
    chosen = Set.copyOf(chosen);
  }

  /** The files that are in the archive, in the order of their paths. */
  public List<RepoFile> files() {
    return listing.stream().filter(file -> chosen.contains(file.path())).toList();
  }

  /** The blobs in the archive in their order there, each with its size. */
  public Map<String, Long> blobs() {
    Map<String, Long> blobs = new TreeMap<>();
    files().forEach(file -> blobs.put(file.blob().hex(), file.size()));
    return blobs;
  }

  byte[] encode() {
    ObjectNode root =
        JSON.createObjectNode()
            .put("format", FORMAT)
            .put("version", VERSION)
            .put("repo", repo.id())
            .put("repoType", repo.type().word())
            .put("revision", revision.name())
            .put("commit", commit.hex());
    ArrayNode files = root.putArray("files");
    for (RepoFile file : listing) {
      files
          .addObject()
          .put("path", file.path().value())
          .put("size", file.size())
          .put("blob", file.blob().hex())
          .put("included", chosen.contains(file.path()));
    }
    return (root + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #encode} has written, or anything else.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   * @throws FailureException integrity failure for a hostile path
   */
  static Contents decode(byte[] bytes) {
    JsonNode root;
    try {
      root = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("its contents are no JSON", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("its contents cannot be read", e);
    }
    if (!root.path("format").asText().equals(FORMAT)) {
      throw new IllegalArgumentException("its contents are not those of an export");
    }
    if (root.path("version").asInt() != VERSION) {
      throw new IllegalArgumentException(
          "it is of version " + root.path("version") + ", which this exo-dl does not know");
    }
    Map<String, Long> sizes = new TreeMap<>();
    long all = 0;
    List<RepoFile> listing = new ArrayList<>();
    Set<RepoPath> chosen = new HashSet<>();
    Set<RepoPath> seen = new HashSet<>();
    for (JsonNode entry : root.path("files")) {
      RepoFile file = file(entry);
      if (!seen.add(file.path())) {
        throw new IllegalArgumentException("its listing has '" + file.path() + "' twice");
      }
      Long size = sizes.putIfAbsent(file.blob().hex(), file.size());
      if (size != null && size != file.size()) {
        throw new IllegalArgumentException(
            "its listing has two sizes of the blob " + file.blob().hex());
      }
      all += file.size();
      if (file.size() > MOST_BYTES || all > MOST_BYTES) {
        throw new IllegalArgumentException("its listing tells of more bytes than there are disks");
      }
      listing.add(file);
      if (entry.path("included").asBoolean()) {
        chosen.add(file.path());
      }
    }
    try {
      RepoType type =
          Arrays.stream(RepoType.values())
              .filter(t -> t.word().equals(root.path("repoType").asText()))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("it has no type of repo"));
      Commit commit = new Commit(root.path("commit").asText());
      Revision revision = new Revision(root.path("revision").asText());
      if (revision.isCommit() && !revision.name().equals(commit.hex())) {
        throw new IllegalArgumentException("its revision is another commit than its own");
      }
      return new Contents(
          new Repo(type, root.path("repo").asText()), revision, commit, listing, chosen);
    } catch (FailureException e) {
      // A bad repo or revision would be told as a wrong argument.
      throw new IllegalArgumentException(e.failure().what(), e);
    }
  }

  private static RepoFile file(JsonNode entry) {
    JsonNode size = entry.path("size");
    if (!size.canConvertToLong() || !size.isIntegralNumber() || !entry.path("path").isTextual()) {
      throw new IllegalArgumentException("a file of its listing has no path or no size");
    }
    RepoPath path = new RepoPath(entry.path("path").asText());
    return new RepoFile(path, size.asLong(), BlobId.of(entry.path("blob").asText()));
  }
}
