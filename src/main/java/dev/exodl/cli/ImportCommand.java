package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Amounts;
import dev.exodl.download.ImportRequest;
import dev.exodl.download.ImportResult;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code exo-dl import}. */
@Command(
    name = "import",
    header =
        "Put the snapshot of an exported file into the cache: resumes, verifies, prints the path.",
    description = {
      "",
      "Every file is digested before it is visible, and names, sizes and links that no export has are refused. What "
          + "is in the cache already is passed over. A run that was cut off goes on where it was.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Examples:",
      "  exo-dl import qwen.tar",
      "  ssh depot cat qwen.tar | exo-dl import -"
    })
public final class ImportCommand extends ProgramCommand {
  @Parameters(
      index = "0",
      paramLabel = "ARCHIVE",
      description = "A file of 'exo-dl export'; - is stdin.")
  String from = "";

  @Mixin CacheOptions cache = new CacheOptions();

  @Option(
      names = "--min-free-space",
      paramLabel = "BYTES",
      description = "What has to stay free on the disk. Default: 64MiB.")
  @Nullable Bytes minFreeSpace;

  @Mixin ProgressOptions output = new ProgressOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Program program = program();
    ImportRequest request = request(program);
    ImportResult result =
        WhileWorking.run(
            program,
            output,
            new HubOptions(),
            program.jobs()::importing,
            request,
            code -> Main.stopped(code, output.json, program.console()));
    if (output.json) {
      end(object(result));
    } else {
      if (verbosity() != Verbosity.QUIET) {
        program.console().tell(summary(result));
      }
      program.console().out().println(result.path());
    }
    return ExitCode.OK.number();
  }

  private ImportRequest request(Program program) {
    if (from.equals("-") && program.console().inIsTerminal()) {
      throw new FailureException(
          new Failure.Usage(
              "no archive comes from a terminal", "import", "name a file, or pipe one in"));
    }
    return new ImportRequest(
        from.equals("-")
            ? new ImportRequest.From.Stream(program.console().in())
            : new ImportRequest.From.File(OptionValues.file("the argument ARCHIVE", from)),
        cache.receiving(program),
        minFreeSpace == null ? program.settings().minFreeSpace().value() : minFreeSpace.value());
  }

  private static String summary(ImportResult result) {
    List<RepoFile> placed = result.placed();
    int here = result.files().size() - placed.size();
    String were =
        here == 0
            ? ""
            : placed.isEmpty()
                ? "; all " + Amounts.files(here) + " were here"
                : "; " + here + (here == 1 ? " was here" : " were here");
    return "imported "
        + Amounts.files(placed.size())
        + " ("
        + Amounts.bytes(bytes(placed))
        + ") of "
        + result.repo()
        + " in "
        + Amounts.brief(result.took())
        + were;
  }

  private static long bytes(List<RepoFile> files) {
    return files.stream().mapToLong(RepoFile::size).sum();
  }

  private static ObjectNode object(ImportResult result) {
    ObjectNode object =
        JsonOutput.ok()
            .put("path", result.path().toString())
            .put("repo", result.repo().id())
            .put("repoType", result.repo().type().word())
            .put("revision", result.revision().name())
            .put("commit", result.commit().hex())
            .put("bytesPlaced", bytes(result.placed()))
            .put("tookMs", result.took().toMillis());
    ArrayNode files = object.putArray("files");
    Set<RepoFile> placed = new HashSet<>(result.placed());
    for (RepoFile file : result.files()) {
      files
          .addObject()
          .put("path", file.path().value())
          .put("size", file.size())
          .put("blob", file.blob().hex())
          .put("wasHere", !placed.contains(file));
    }
    return object;
  }
}
