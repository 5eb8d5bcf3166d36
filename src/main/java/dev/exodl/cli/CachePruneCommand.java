package dev.exodl.cli;

import dev.exodl.store.CachePrune;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code exo-dl cache prune}. */
@Command(
    name = "prune",
    header = "Delete what nothing leads to: old revisions, unused blobs, abandoned downloads.",
    description = {
      "",
      "A revision goes when no branch, tag or ref leads to it any more; an unfinished download when nobody went on "
          + "with it for 7 days.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {"", "Examples:", "  exo-dl cache prune --dry-run", "  exo-dl cache prune --yes"})
public final class CachePruneCommand extends ProgramCommand {
  private static final Duration ABANDONED = Duration.ofDays(7);

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
    var plan = CachePrune.plan(cache.receiving(program()), program().clock().instant(), ABANDONED);
    return new Removals(this, dryRun, yes).carryOut("cache prune", List.of(plan));
  }
}
