package dev.exodl.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code exo-dl cluster}: what stands before its commands. */
@Command(
    name = "cluster",
    header = "Prepare what the nodes of a cluster share.",
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    subcommands = ClusterKeygenCommand.class,
    footer = {"", "Examples:", "  exo-dl cluster keygen cluster.key"})
public final class ClusterCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
