package dev.exodl.cli;

import dev.exodl.model.RepoType;
import dev.exodl.store.CacheRemove;
import dev.exodl.store.Removal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code exo-dl cache rm}. */
@Command(
    name = "rm",
    header = "Delete repos, or revisions of them, from the cache.",
    description = {
      "",
      "What other revisions of the repo still use stays. A repo that a process works on is left as it is.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  exo-dl cache rm Qwen/Qwen3-0.6B",
      "  exo-dl cache rm Qwen/Qwen3-0.6B@c1899de2 --yes",
      "  exo-dl cache rm datasets/rajpurkar/squad --dry-run"
    })
public final class CacheRmCommand extends ProgramCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "REPO[@REV]",
      description = "[datasets/|spaces/]ORG/NAME; REV is a ref, a commit or its first digits.")
  List<String> repos = new ArrayList<>();

  @Option(
      names = "--repo-type",
      paramLabel = "TYPE",
      description = "model, dataset or space. Default: model.")
  @Nullable RepoType type;

  @Mixin CacheOptions cache = new CacheOptions();

  @Option(names = "--dry-run", description = "Only say what would be deleted.")
  boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  boolean yes;

  @Mixin OutputOptions output = new OutputOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Path root = cache.receiving(program());
    List<Removal> removals = repos.stream().map(repo -> plan(root, repo)).toList();
    return new Removals(this, dryRun, yes).carryOut("cache rm", removals);
  }

  private Removal plan(Path root, String text) {
    RepoArgument argument = RepoArgument.of(text, type, null);
    return argument
        .revision()
        .map(revision -> CacheRemove.revision(root, argument.repo(), revision.name()))
        .orElseGet(() -> CacheRemove.repo(root, argument.repo()));
  }
}
