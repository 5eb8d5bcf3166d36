package dev.exodl.cli;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Amounts;
import dev.exodl.download.ExportRequest;
import dev.exodl.download.ExportResult;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code exo-dl export}. */
@Command(
    name = "export",
    header = "Put a snapshot of the cache into one file, for a network without internet.",
    description = {
      "",
      "A tar file with the listing, the ref and each blob, digested while it is written; 'exo-dl import' puts it "
          + "into another cache. Two exports of the same revision are the same bytes. Asks no hub.",
      "A run that was cut off goes on where it was: give the same command again.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Examples:",
      "  exo-dl export Qwen/Qwen3-0.6B -o qwen.tar",
      "  exo-dl export Qwen/Qwen3-0.6B -o - | ssh node exo-dl import -"
    })
public final class ExportCommand extends ProgramCommand {
  @Parameters(
      index = "0",
      paramLabel = "REPO[@REV]",
      description = "ORG/NAME, or hf://[datasets/|spaces/]ORG/NAME[@REV].")
  String repo = "";

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "ARCHIVE",
      description = "Where the archive goes; - is stdout.")
  String to = "";

  @Mixin SelectionOptions selection = new SelectionOptions();

  @Mixin CacheOptions cache = new CacheOptions();

  @Mixin ProgressOptions output = new ProgressOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Program program = program();
    ExportRequest request = request(program);
    done(
        WhileWorking.run(
            program, output, new HubOptions(), program.jobs()::export, request, this::stopped));
    return ExitCode.OK.number();
  }

  private void done(ExportResult result) {
    if (output.json) {
      end(
          JsonOutput.ok()
              .put("path", to(result.request()))
              .put("repo", result.request().repo().id())
              .put("repoType", result.request().repo().type().word())
              .put("revision", result.request().revision().name())
              .put("commit", result.commit().hex())
              .put("files", result.files().size())
              .put("bytes", bytes(result))
              .put("bytesKept", result.bytesKept())
              .put("archiveBytes", result.archiveBytes())
              .put("tookMs", result.took().toMillis()));
      return;
    }
    if (verbosity() != Verbosity.QUIET) {
      String kept =
          result.bytesKept() == 0
              ? ""
              : "; " + Amounts.bytes(result.bytesKept()) + " were written before";
      program()
          .console()
          .tell(
              "exported "
                  + Amounts.files(result.files().size())
                  + " ("
                  + Amounts.bytes(bytes(result))
                  + ") in "
                  + Amounts.brief(result.took())
                  + kept);
    }
    if (!isStdout()) {
      program().console().out().println(to(result.request()));
    }
  }

  private static long bytes(ExportResult result) {
    return result.files().stream().mapToLong(RepoFile::size).sum();
  }

  private static String to(ExportRequest request) {
    return request.to() instanceof ExportRequest.To.File(Path path) ? path.toString() : "-";
  }

  private boolean isStdout() {
    return to.equals("-");
  }

  private ExportRequest request(Program program) {
    if (isStdout() && output.json) {
      throw bad("--json and the archive cannot both go to stdout", "give a file to -o");
    }
    if (isStdout() && program.console().outIsTerminal()) {
      throw bad("an archive is not for a terminal", "give a file to -o, or pipe it to a program");
    }
    RepoArgument argument = selection.repo(repo);
    if (argument.path().isPresent()) {
      throw new FailureException(
          new Failure.Usage(
              "a path in a repo",
              "the argument REPO",
              "choose files with --include and --exclude"));
    }
    return new ExportRequest(
        cache.caches(program),
        argument.repo(),
        argument.revision().orElse(Revision.MAIN),
        selection.selection(List.of()),
        isStdout()
            ? new ExportRequest.To.Stream(new Results(program.console()))
            : new ExportRequest.To.File(OptionValues.file("-o", to)));
  }

  private static FailureException bad(String what, String next) {
    return new FailureException(new Failure.Usage(what, "export", next));
  }

  /** Called on the signal's thread. */
  private void stopped(ExitCode code) {
    Console console = program().console();
    if (isStdout()) {
      // Whoever reads it is not to take JSON or a path for the rest of it.
      Main.stopped(code, false, console);
    } else {
      Main.stopped(code, output.json, console);
    }
  }
}
