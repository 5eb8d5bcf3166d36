package dev.exodl.download;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoPath;
import dev.exodl.weights.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code exo-dl-shard.json}: what a folder has of a model, for people and programs. Its shape is a
 * promise: docs/shards.md.
 *
 * @param what of which repo and which layers it has
 * @param index the one that was written for these files
 * @param indexHash of its content
 */
record ShardManifest(
    What what, Optional<RepoPath> index, Optional<BlobId> indexHash, List<Entry> files) {
  static final String NAME = "exo-dl-shard.json";

  /** Raised when a field changes its meaning or goes; new fields may come without. */
  static final int VERSION = 1;

  /** Of a million tensors. */
  private static final long LONGEST = 1L << 30;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Which tensors of which repo. */
  record What(String repoType, String repo, String form, String layers, boolean withShared) {
    static What of(Repo repo, ShardForm form, ShardChoice choice) {
      return new What(
          repo.type().word(),
          repo.id(),
          word(form),
          choice.layers().toString(),
          choice.withShared());
    }

    @Override
    public String toString() {
      return "layers " + layers + (withShared ? " and all that has none" : "") + " of " + repo;
    }
  }

  /** A file that has some tensors. */
  record Entry(RepoPath path, long size, List<Held> ranges) {}

  /** Bytes that it has. */
  record Held(ByteRange at, BlobId.Sha256 sha256) {}

  /** A form as options and programs call it. */
  static String word(ShardForm form) {
    return form.name().toLowerCase(Locale.ROOT);
  }

  /**
   * What is told of one file.
   *
   * @param copied whether all of it came from a copy of the weight file whose hash was right
   * @param sha256 of each range of the excerpt's spread
   */
  static ObjectNode file(ShardExcerpt what, boolean copied, List<String> sha256) {
    ObjectNode file =
        JsonNodeFactory.instance
            .objectNode()
            .put("path", what.as().path().value())
            .put("size", what.excerpt().spread().fileSize())
            .put("bytes", what.excerpt().spread().length())
            .put("source", copied ? "copy" : "hub");
    file.putObject("of")
        .put("path", what.of().path().value())
        .put("size", what.of().size())
        .put("blob", what.of().blob().hex());
    ArrayNode ranges = file.putArray("ranges");
    for (int i = 0; i < sha256.size(); i++) {
      ByteRange at = what.excerpt().spread().ranges().get(i);
      ranges.addObject().put("from", at.offset()).put("to", at.end()).put("sha256", sha256.get(i));
    }
    ArrayNode tensors = file.putArray("tensors");
    for (Tensor tensor : what.excerpt().tensors()) {
      ObjectNode each = tensors.addObject().put("name", tensor.name()).put("type", tensor.type());
      ArrayNode shape = each.putArray("shape");
      tensor.shape().forEach(shape::add);
      each.put("from", tensor.at().offset()).put("to", tensor.at().end());
    }
    return file;
  }

  /**
   * All of it.
   *
   * @param indexHash the sha256 of the index that was written
   * @param files what was noted of each, as {@link #file} made it
   */
  static byte[] text(
      SyncRequest request,
      Commit commit,
      ShardForm form,
      ShardChoice choice,
      Optional<RepoPath> index,
      Optional<String> indexHash,
      List<String> files) {
    What what = What.of(request.repo(), form, choice);
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("v", VERSION)
            .put("form", what.form())
            .put("repo", what.repo())
            .put("repoType", what.repoType())
            .put("revision", request.revision().name())
            .put("commit", commit.hex())
            .put("layers", what.layers())
            .put("layersOfModel", choice.model().layers())
            .put("withShared", what.withShared())
            .put("tensors", choice.needed().count())
            .put("tensorBytes", choice.needed().bytes());
    index.ifPresentOrElse(at -> object.put("index", at.value()), () -> object.putNull("index"));
    object.put("indexSha256", indexHash.orElse(null));
    ArrayNode array = object.putArray("files");
    try {
      for (String file : files) {
        array.add(JSON.readTree(file));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what was noted of a file is no JSON", e);
    }
    return (object.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The manifest in a folder; empty when there is none that can be understood. */
  static Optional<ShardManifest> in(Path folder) {
    Path path = folder.resolve(NAME);
    try {
      if (!isThere(folder) || Files.size(path) > LONGEST) {
        return Optional.empty();
      }
      try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
        return ReadManifest.of(in);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether a folder has one, whatever is in it. */
  static boolean isThere(Path folder) {
    return Files.isRegularFile(folder.resolve(NAME), LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether it is of this repo. */
  boolean isOf(Repo repo) {
    return what.repoType().equals(repo.type().word()) && what.repo().equals(repo.id());
  }

  /** Whether the file at this path was made here, and is none of the repo's. */
  boolean made(String path) {
    return path.equals(NAME)
        || index.filter(i -> i.value().equals(path)).isPresent()
        || files.stream().anyMatch(f -> f.path().value().equals(path));
  }
}
