package dev.exodl.download;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.exodl.download.ShardManifest.Entry;
import dev.exodl.download.ShardManifest.Held;
import dev.exodl.download.ShardManifest.What;
import dev.exodl.model.BlobId;
import dev.exodl.model.ByteRange;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoPath;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code exo-dl-shard.json} as a stream: anybody may have written it, and of the largest
 * models it is too long for the memory.
 */
final class ReadManifest {
  private static final JsonFactory JSON = new JsonFactory();

  /** More than any model has of files, or of ranges in all of them. */
  private static final int MOST = 1_000_000;

  private int version;
  private String repoType = "";
  private String repo = "";
  private String form = "";
  private String layers = "";
  private boolean withShared;
  private Optional<RepoPath> index = Optional.empty();
  private Optional<BlobId> indexHash = Optional.empty();
  private boolean listed;
  private final List<Entry> files = new ArrayList<>();
  private final Set<RepoPath> paths = new HashSet<>();
  private int count;

  private interface Fields {
    void field(String name, JsonParser json) throws IOException;
  }

  private ReadManifest() {}

  /** The manifest; empty when it is none that can be understood, or that a shard can have. */
  static Optional<ShardManifest> of(InputStream in) {
    ReadManifest read = new ReadManifest();
    try (JsonParser json = JSON.createParser(in)) {
      json.nextToken();
      object(json, read::field);
      if (json.nextToken() != null || read.version != ShardManifest.VERSION || !read.listed) {
        return Optional.empty();
      }
    } catch (IOException | IllegalArgumentException | FailureException e) {
      return Optional.empty();
    }
    What what = new What(read.repoType, read.repo, read.form, read.layers, read.withShared);
    return Optional.of(
        new ShardManifest(what, read.index, read.indexHash, List.copyOf(read.files)));
  }

  private static void object(JsonParser json, Fields fields) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("no object");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      fields.field(name, json);
    }
  }

  private void field(String name, JsonParser json) throws IOException {
    switch (name) {
      case "v" -> version = json.getIntValue();
      case "repoType" -> repoType = text(json);
      case "repo" -> repo = text(json);
      case "form" -> form = text(json);
      case "layers" -> layers = text(json);
      case "withShared" -> withShared = json.getBooleanValue();
      case "index" -> {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
          index = Optional.of(index(new RepoPath(text(json))));
        }
      }
      case "indexSha256" -> {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
          indexHash = Optional.of(new BlobId.Sha256(text(json)));
        }
      }
      case "files" -> {
        listed = true;
        array(json, this::file);
      }
      default -> json.skipChildren();
    }
  }

  private static String text(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new IllegalArgumentException("no text");
    }
    return json.getText();
  }

  /** What it tells of stands for files of the hub: it may not tell of others than are made here. */
  private static RepoPath index(RepoPath path) {
    if (!path.names().getLast().equals(ShardExcerpts.INDEX)) {
      throw new IllegalArgumentException("no index");
    }
    return path;
  }

  private interface Each {
    void read(JsonParser json) throws IOException;
  }

  private void array(JsonParser json, Each each) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new IllegalArgumentException("no array");
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (++count > MOST) {
        throw new IllegalArgumentException("too many");
      }
      each.read(json);
    }
  }

  private static final class Part {
    String path = "";
    long size = -1;
    long from = -1;
    long to = -1;
    String sha256 = "";
    final List<Held> ranges = new ArrayList<>();
  }

  private void file(JsonParser json) throws IOException {
    Part part = new Part();
    object(
        json,
        (name, value) -> {
          switch (name) {
            case "path" -> part.path = text(value);
            case "size" -> part.size = value.getLongValue();
            case "ranges" -> array(value, each -> part.ranges.add(range(each)));
            default -> value.skipChildren();
          }
        });
    RepoPath path = new RepoPath(part.path);
    boolean weights = part.path.endsWith(".safetensors") || part.path.endsWith(".gguf");
    if (!weights || part.ranges.isEmpty() || !paths.add(path)) {
      throw new IllegalArgumentException("no file of a shard");
    }
    long end = 0;
    for (Held range : part.ranges) {
      if (range.at().offset() < end || range.at().end() > part.size) {
        throw new IllegalArgumentException("ranges that cannot be");
      }
      end = range.at().end();
    }
    files.add(new Entry(path, part.size, List.copyOf(part.ranges)));
  }

  private static Held range(JsonParser json) throws IOException {
    Part part = new Part();
    object(
        json,
        (name, value) -> {
          switch (name) {
            case "from" -> part.from = value.getLongValue();
            case "to" -> part.to = value.getLongValue();
            case "sha256" -> part.sha256 = text(value);
            default -> value.skipChildren();
          }
        });
    return new Held(new ByteRange(part.from, part.to), new BlobId.Sha256(part.sha256));
  }
}
