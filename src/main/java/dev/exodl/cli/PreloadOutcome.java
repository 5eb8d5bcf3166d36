package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.models.ModelList;
import dev.exodl.cli.models.ModelList.Wanted;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.download.SyncResult;
import dev.exodl.model.Commit;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells of each model of a list what became of it, and of all in the end. */
final class PreloadOutcome {
  private final Console console;
  private final boolean json;
  private final Verbosity verbosity;
  private final ModelList list;
  private final ArrayNode models = JsonNodeFactory.instance.arrayNode();
  private final List<String> warnings = new ArrayList<>();
  private int well;
  private int failed;
  private @Nullable Path lock;

  PreloadOutcome(Console console, boolean json, Verbosity verbosity, ModelList list) {
    this.console = console;
    this.json = json;
    this.verbosity = verbosity;
    this.list = list;
  }

  /** What is about to be done, for example {@code 2/3 org/name@main}. */
  String beginning() {
    Wanted model = list.models().get(well + failed);
    return (well + failed + 1) + "/" + list.models().size() + " " + Printable.of(model.name());
  }

  void warn(String text) {
    warnings.add(text);
    if (verbosity != Verbosity.QUIET) {
      console.tell("warning: " + text);
    }
  }

  void whole(Wanted model, SyncResult result) {
    well++;
    warnings.addAll(result.warnings());
    object(model)
        .put("ok", true)
        .put("exitCode", 0)
        .put("commit", result.commit().hex())
        .put("path", result.path().toString())
        .put("files", result.files().size())
        .put("bytesFetched", result.bytesFetched())
        .put("bytesReused", result.bytesReused());
    line("whole   ", model.repo() + "@" + result.commit().brief() + "  " + result.path());
  }

  void pinned(Wanted model, Commit commit) {
    well++;
    object(model).put("ok", true).put("exitCode", 0).put("commit", commit.hex());
    line("pinned  ", model.name() + "  " + commit.hex());
  }

  void failed(Wanted model, Failure failure) {
    failed++;
    ObjectNode told = JsonOutput.failure(failure);
    told.remove("v");
    object(model).setAll(told);
    line("failed  ", model.name() + "  " + failure.line());
  }

  void wrote(Path path) {
    lock = path;
    if (verbosity != Verbosity.QUIET) {
      console.tell("wrote " + path);
    }
  }

  boolean allWell() {
    return failed == 0;
  }

  private ObjectNode object(Wanted model) {
    return models
        .addObject()
        .put("repo", model.repo().id())
        .put("repoType", model.repo().type().word())
        .put("revision", model.revision().name());
  }

  private void line(String word, String rest) {
    if (!json) {
      console.out().println(word + rest);
    }
  }

  /** The summary on stderr, or all as one object; the answer is how the command ends. */
  ExitCode done() {
    Failure failure = failed == 0 ? null : failure();
    if (json) {
      ObjectNode object = failure == null ? JsonOutput.ok() : JsonOutput.failure(failure);
      object.put("list", list.path().toString());
      object.put("lock", lock == null ? null : lock.toString());
      object.set("models", models);
      ArrayNode told = object.putArray("warnings");
      warnings.forEach(told::add);
      JsonOutput.print(console.out(), object);
    }
    if (failure != null) {
      console.tell("exo-dl: " + failure.line());
      return failure.exitCode();
    }
    if (verbosity != Verbosity.QUIET && lock == null) {
      console.tell(well == 1 ? "the model is whole" : "all " + well + " models are whole");
    }
    return ExitCode.OK;
  }

  private Failure failure() {
    return new Failure.Partial(
        failed + " of " + list.models().size() + " models failed",
        Printable.of(list.path().toString()),
        "see the lines of those that failed, then run the same command again");
  }

  /** Called on the signal's thread. */
  void stopped(ExitCode code) {
    String word = code == ExitCode.TERMINATED ? "terminated" : "interrupted";
    String what = word + "; " + well + " of " + list.models().size() + " models are done";
    console.tell("exo-dl: " + what + ": run the same command again to go on");
    if (json) {
      JsonOutput.print(
          console.out(),
          JsonOutput.failure(
              code, word, what, list.path().toString(), "run the same command again to go on"));
    }
  }
}
