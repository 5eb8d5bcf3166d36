package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Amounts;
import dev.exodl.download.VerifyResult;
import dev.exodl.download.VerifyResult.Checked;
import dev.exodl.download.VerifyResult.Verdict;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.Printable;
import java.util.List;

/** Tells what a verification found. */
record VerifyOutcome(Console console, boolean json, Verbosity verbosity) {

  /** What is wrong on stdout, a summary on stderr; or all of it as JSON. */
  ExitCode done(VerifyResult result) {
    List<Checked> wrong =
        result.files().stream().filter(f -> f.verdict() instanceof Verdict.Wrong).toList();
    Failure failure = wrong.isEmpty() ? null : failure(wrong);
    if (json) {
      JsonOutput.print(console.out(), json(result, failure));
    } else {
      result.files().forEach(this::line);
    }
    if (failure != null) {
      console.tell("exo-dl: " + failure.line());
      return failure.exitCode();
    }
    if (verbosity != Verbosity.QUIET) {
      console.tell(summary(result));
    }
    return ExitCode.OK;
  }

  private void line(Checked file) {
    String name = Printable.of(file.snapshot()) + " " + Printable.of(file.name());
    boolean details = verbosity.atLeast(Verbosity.VERBOSE);
    switch (file.verdict()) {
      case Verdict.Wrong(String what) ->
          console.out().println("wrong    " + name + ": " + Printable.of(what));
      case Verdict.Unknown(String why) -> {
        if (verbosity != Verbosity.QUIET) {
          console.out().println("unknown  " + name + ": " + Printable.of(why));
        }
      }
      case Verdict.Missing() -> {
        if (details) {
          console.out().println("missing  " + name);
        }
      }
      case Verdict.Right() -> {
        if (details) {
          console.out().println("right    " + name);
        }
      }
    }
  }

  private static String summary(VerifyResult result) {
    StringBuilder line = new StringBuilder();
    line.append(Amounts.files(result.count(Verdict.Right.class))).append(" right (");
    line.append(Amounts.bytes(result.bytes())).append(" read in ");
    line.append(Amounts.brief(result.took())).append(")");
    long unknown = result.count(Verdict.Unknown.class);
    long missing = result.count(Verdict.Missing.class);
    if (unknown > 0) {
      line.append(", ").append(unknown).append(" unknown");
    }
    if (missing > 0) {
      line.append(", ").append(missing).append(" not here");
    }
    return line.toString();
  }

  private static Failure failure(List<Checked> wrong) {
    Checked first = wrong.getFirst();
    String name = Printable.of(first.name());
    return new Failure.Integrity(
        Amounts.files(wrong.size()) + " wrong, the first is " + name,
        first.path().toString(),
        "fetch it again with: exo-dl sync REPO FILE --force");
  }

  private static ObjectNode json(
      VerifyResult result, @org.jspecify.annotations.Nullable Failure failure) {
    ObjectNode object = failure == null ? JsonOutput.ok() : JsonOutput.failure(failure);
    object.put("bytesRead", result.bytes()).put("tookMs", result.took().toMillis());
    object.put("right", result.count(Verdict.Right.class));
    ArrayNode wrong = object.putArray("wrong");
    ArrayNode unknown = object.putArray("unknown");
    ArrayNode missing = object.putArray("missing");
    for (Checked file : result.files()) {
      switch (file.verdict()) {
        case Verdict.Wrong(String what) -> add(wrong, file).put("what", what);
        case Verdict.Unknown(String why) -> add(unknown, file).put("why", why);
        case Verdict.Missing() -> add(missing, file);
        case Verdict.Right() -> {}
      }
    }
    return object;
  }

  private static ObjectNode add(ArrayNode array, Checked file) {
    return array
        .addObject()
        .put("snapshot", file.snapshot())
        .put("file", file.name())
        .put("path", file.path().toString());
  }

  /** Called on the signal's thread. */
  void stopped(ExitCode code) {
    Main.stopped(code, json, console);
  }
}
