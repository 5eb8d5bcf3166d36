package dev.exodl.cli;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Tells failures: one line, and the trace only to those who ask for it. */
final class Failures {
  private Failures() {}

  /** What a user is told of an exception: its failure, or that there is a bug. */
  static Failure of(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof FailureException known) {
        return known.failure();
      }
    }
    if (thrown instanceof OutOfMemoryError) {
      return new Failure.Internal(
          "out of memory", "this process", "lower --max-connections or give it more memory");
    }
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text =
        root.getMessage() == null ? "" : ": " + root.getMessage().lines().findFirst().orElse("");
    return new Failure.Internal(
        "unexpected " + root.getClass().getSimpleName() + Printable.of(text),
        place(root),
        "run it again with -vv (or EXO_DL_DEBUG=1) and report the trace to the project");
  }

  private static String place(Throwable thrown) {
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.exodl.")) {
        return frame.getClassName().replaceFirst(".*\\.", "") + ":" + frame.getLineNumber();
      }
    }
    return "exo-dl " + Version.text();
  }

  /** The exit code of a command, unless its results could not be written. */
  static int orLost(int code, Console console) {
    String trouble = console.outTrouble();
    if (code != 0 || trouble == null) {
      return code;
    }
    Failure failure =
        new Failure.Storage(
            "the result could not be written: " + Printable.of(trouble),
            "stdout",
            "what was fetched is kept; run the same command again");
    console.tell("exo-dl: " + failure.line());
    return failure.exitCode().number();
  }

  /**
   * Prints it.
   *
   * @param json whether a JSON object has to be the last thing on stdout
   * @param thrown shown with its trace when {@code debug}
   * @return the exit code
   */
  static int tell(Console console, Failure failure, boolean json, boolean debug, Throwable thrown) {
    if (debug && failure instanceof Failure.Internal) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      console.err().write(trace.toString());
    }
    console.tell("exo-dl: " + failure.line());
    if (json) {
      JsonOutput.print(console.out(), JsonOutput.failure(failure));
    }
    return failure.exitCode().number();
  }
}
