package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.download.ShardChoice;
import dev.exodl.download.SyncResult;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.RepoFile;
import java.io.PrintStream;
import java.util.Locale;

/** The object that {@code --json} ends with. Its shapes are a promise: docs/json-output.md. */
final class JsonOutput {
  /** Raised when a field changes its meaning or goes; new fields may come without. */
  static final int VERSION = 1;

  private JsonOutput() {}

  static void print(PrintStream out, ObjectNode object) {
    out.println(printable(object.toString()));
  }

  /**
   * The same JSON, with the characters escaped that no terminal may get: names come from elsewhere.
   * They stand in strings only.
   */
  private static String printable(String json) {
    StringBuilder out = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            c -> {
              switch (Character.getType(c)) {
                case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> {
                  for (char unit : Character.toChars(c)) {
                    out.append(String.format("\\u%04x", (int) unit));
                  }
                }
                default -> out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  static ObjectNode ok() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("v", VERSION)
        .put("ok", true)
        .put("exitCode", 0);
  }

  static ObjectNode sync(SyncResult result) {
    ObjectNode object =
        ok().put("path", result.path().toString())
            .put("repo", result.repo().id())
            .put("repoType", result.repo().type().word())
            .put("revision", result.revision().name())
            .put("commit", result.commit().hex())
            .put("dryRun", result.dryRun())
            .put("offline", result.offline())
            .put("bytesFetched", result.bytesFetched())
            .put("bytesFromPeers", result.bytesFromPeers())
            .put("bytesReused", result.bytesReused())
            .put("requests", result.requests())
            .put("tookMs", result.took().toMillis());
    ArrayNode files = object.putArray("files");
    var missing = new java.util.HashSet<>(result.missing());
    for (RepoFile file : result.files()) {
      files
          .addObject()
          .put("path", file.path().value())
          .put("size", file.size())
          .put("blob", result.isMadeHere(file) ? null : file.blob().hex())
          .put("wasHere", !missing.contains(file));
    }
    result.shard().ifPresent(shard -> object.set("shard", shard(shard, result)));
    ArrayNode warnings = object.putArray("warnings");
    result.warnings().forEach(warnings::add);
    return object;
  }

  private static ObjectNode shard(ShardChoice shard, SyncResult result) {
    ObjectNode object =
        SplitOutcome.object(shard).put("form", shard.form().name().toLowerCase(Locale.ROOT));
    return switch (shard.form()) {
      case FILES -> object.putNull("manifest");
      case RANGES, REPACK -> object.put("manifest", result.manifest().toString());
    };
  }

  static ObjectNode failure(Failure failure) {
    return failure(
        failure.exitCode(), kind(failure), failure.what(), failure.where(), failure.next());
  }

  static ObjectNode failure(ExitCode code, String kind, String what, String where, String next) {
    ObjectNode object =
        JsonNodeFactory.instance
            .objectNode()
            .put("v", VERSION)
            .put("ok", false)
            .put("exitCode", code.number());
    object
        .putObject("failure")
        .put("kind", kind)
        .put("what", what)
        .put("where", where)
        .put("next", next);
    return object;
  }

  /** For example {@code not-found}. */
  private static String kind(Failure failure) {
    return failure.exitCode().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
