package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.settings.Verbosity;
import jakarta.inject.Inject;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * A command that does something. Its answer is the exit code; what goes wrong is a
 * FailureException.
 */
abstract class ProgramCommand implements Callable<Integer> {
  /** Null while the command line is only parsed, which needs no framework. */
  @Inject @Nullable Program program;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  /** What was asked for about telling. */
  abstract OutputOptions output();

  /** How much this command tells; known also when it failed. */
  Verbosity verbosity() {
    return output().verbosity(program().settings());
  }

  /** The object that {@code --json} ends with; a signal that came before has told its own. */
  void end(ObjectNode object) {
    program().stopper().answering();
    JsonOutput.print(program().console().out(), object);
  }

  Program program() {
    if (program == null) {
      throw new IllegalStateException("not started");
    }
    return program;
  }
}
