package dev.exodl.cli;

import dev.exodl.download.SyncRequest.Place;
import dev.exodl.download.VerifyRequest;
import dev.exodl.download.VerifyResult;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.store.Caches;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code exo-dl verify}. */
@Command(
    name = "verify",
    header = "Read what is here and compare it with the hub's hashes.",
    description = {
      "",
      "Without REPO: the whole cache, or with --local-dir what the hub's clients put there. With REPO: that "
          + "snapshot against the commit's listing, which is asked from the hub unless it was kept.",
      "Exit code 13 when something is wrong. Files that were never fetched are only counted.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Examples:",
      "  exo-dl verify",
      "  exo-dl verify Qwen/Qwen3-0.6B",
      "  exo-dl verify --local-dir squad hf://datasets/rajpurkar/squad"
    })
public final class VerifyCommand extends ProgramCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "REPO[@REV]",
      description = "ORG/NAME, or hf://[datasets/|spaces/]ORG/NAME[@REV].")
  @Nullable String repo;

  @Option(
      names = "--repo-type",
      paramLabel = "TYPE",
      description = "model, dataset or space. Default: model.")
  @Nullable RepoType type;

  @Option(
      names = "--revision",
      paramLabel = "REV",
      description = "Branch, tag, commit or ref. Default: main.")
  @Nullable String revision;

  @Mixin CacheOptions cache = new CacheOptions();

  @Option(
      names = "--local-dir",
      paramLabel = "DIR",
      description = "Verify the plain files there instead of the cache.")
  @Nullable String localDir;

  @Mixin HubOptions hub = new HubOptions();

  @Mixin ProgressOptions output = new ProgressOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Program program = program();
    VerifyRequest request = request(program);
    VerifyOutcome outcome = new VerifyOutcome(program.console(), output.json, verbosity());
    VerifyResult result =
        WhileWorking.run(program, output, hub, program.jobs()::verify, request, outcome::stopped);
    ExitCode code = outcome.done(result);
    return code.number();
  }

  VerifyRequest request(Program program) {
    if (cache.cacheDir != null && localDir != null) {
      throw new FailureException(
          new Failure.Usage(
              "--cache-dir and --local-dir exclude each other", "verify", "give one of them"));
    }
    Caches caches = cache.caches(program);
    Path folder = localDir == null ? null : OptionValues.path("--local-dir", localDir);
    if (repo == null) {
      if (revision != null || type != null) {
        throw new FailureException(
            new Failure.Usage(
                "--revision and --repo-type say nothing without REPO", "verify", "name the repo"));
      }
      return folder == null
          ? new VerifyRequest.WholeCache(caches)
          : new VerifyRequest.Remembered(folder);
    }
    RepoArgument argument = RepoArgument.of(repo, type, revision);
    if (argument.path().isPresent()) {
      throw new FailureException(
          new Failure.Usage("a path in a repo", "the argument REPO", "verify the whole repo"));
    }
    return new VerifyRequest.Snapshot(
        argument.repo(),
        argument.revision().orElse(Revision.MAIN),
        folder == null ? new Place.Cache(caches) : new Place.LocalDir(folder, caches),
        hub.offline || program.settings().offline());
  }
}
