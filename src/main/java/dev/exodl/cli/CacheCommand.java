package dev.exodl.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code exo-dl cache}: what stands before its commands. */
@Command(
    name = "cache",
    header = "See what the Hugging Face cache holds, and make room.",
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    subcommands = {CacheLsCommand.class, CacheRmCommand.class, CachePruneCommand.class},
    footer = {
      "",
      "Examples:",
      "  exo-dl cache ls",
      "  exo-dl cache rm Qwen/Qwen3-0.6B",
      "  exo-dl cache prune --dry-run"
    })
public final class CacheCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
