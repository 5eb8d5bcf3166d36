package dev.exodl.archive;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  private static final Set<String> WORDS =
      Set.of("format", "version", "repo", "repoType", "revision", "commit");

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
   * Sees that an import will read them.
   *
   * @throws FailureException usage failure when they are too long
   */
  public void checkLength() {
    if (encode().length > LARGEST) {
      throw new FailureException(
          new Failure.Usage(
              "a listing of " + listing.size() + " files is more than an archive holds",
              repo.toString(),
              "copy the cache's folder of it instead"));
    }
  }

  /**
   * Reads what {@link #encode} has written, or anything else: as a stream, for a tree of it could
   * fill the memory.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   * @throws FailureException integrity failure for a hostile path
   */
  static Contents decode(byte[] bytes) {
    Map<String, String> words = new HashMap<>();
    List<RepoFile> listing = new ArrayList<>();
    Set<RepoPath> chosen = new HashSet<>();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("its contents are not those of an export");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (name.equals("files") && value == JsonToken.START_ARRAY) {
          checkFormat(words);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            file(json, listing, chosen);
          }
        } else if (WORDS.contains(name) && value.isScalarValue()) {
          words.put(name, json.getText());
        } else {
          json.skipChildren();
        }
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("its contents are no JSON", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("its contents cannot be read", e);
    }
    checkFormat(words);
    checkTogether(listing);
    return of(words, listing, chosen);
  }

  private static void checkFormat(Map<String, String> words) {
    if (!FORMAT.equals(words.get("format"))) {
      throw new IllegalArgumentException("its contents are not those of an export");
    }
    if (!Integer.toString(VERSION).equals(words.get("version"))) {
      throw new IllegalArgumentException(
          "it is of version " + words.get("version") + ", which this exo-dl does not know");
    }
  }

  private static void checkTogether(List<RepoFile> listing) {
    Map<String, Long> sizes = new HashMap<>();
    Set<RepoPath> seen = new HashSet<>();
    long all = 0;
    for (RepoFile file : listing) {
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
    }
  }

  private static Contents of(
      Map<String, String> words, List<RepoFile> listing, Set<RepoPath> chosen) {
    try {
      RepoType type =
          Arrays.stream(RepoType.values())
              .filter(t -> t.word().equals(words.get("repoType")))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("it has no type of repo"));
      Commit commit = new Commit(words.getOrDefault("commit", ""));
      Revision revision = new Revision(words.getOrDefault("revision", ""));
      if (revision.isCommit() && !revision.name().equals(commit.hex())) {
        throw new IllegalArgumentException("its revision is another commit than its own");
      }
      return new Contents(
          new Repo(type, words.getOrDefault("repo", "")), revision, commit, listing, chosen);
    } catch (FailureException e) {
      // A bad repo or revision would be told as a wrong argument.
      throw new IllegalArgumentException(e.failure().what(), e);
    }
  }

  private static void file(JsonParser json, List<RepoFile> listing, Set<RepoPath> chosen)
      throws IOException {
    @Nullable String name = null;
    String blob = "";
    long size = -1;
    boolean included = false;
    boolean object = json.currentToken() == JsonToken.START_OBJECT;
    while (object && json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "path" -> name = value == JsonToken.VALUE_STRING ? json.getText() : null;
        case "blob" -> blob = value == JsonToken.VALUE_STRING ? json.getText() : "";
        case "size" -> size = isLong(json) ? json.getLongValue() : -1;
        case "included" -> included = value == JsonToken.VALUE_TRUE;
        default -> {}
      }
      json.skipChildren();
    }
    if (name == null || size < 0) {
      throw new IllegalArgumentException("a file of its listing has no path or no size");
    }
    RepoPath path = new RepoPath(name);
    listing.add(new RepoFile(path, size, BlobId.of(blob)));
    if (included) {
      chosen.add(path);
    }
  }

  private static boolean isLong(JsonParser json) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
  }
}
