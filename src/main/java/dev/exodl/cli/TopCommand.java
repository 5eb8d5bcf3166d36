package dev.exodl.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;

/** What stands before the commands. */
@Command(
    name = "exo-dl",
    versionProvider = Version.class,
    header =
        "Gets a large model from the Hugging Face hub onto this machine, or onto every node of a cluster.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      SyncCommand.class,
      VerifyCommand.class,
      CacheCommand.class,
      PlanCommand.class,
      PreloadCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      ServeCommand.class,
      StatusCommand.class,
      ClusterCommand.class,
      DemoCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      HelpCommand.class,
    },
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  exo-dl sync Qwen/Qwen3-0.6B",
      "  exo-dl sync Qwen/Qwen3-0.6B@main --include '*.safetensors' --include '*.json'",
      "  exo-dl sync hf://datasets/rajpurkar/squad --local-dir squad",
      "  exo-dl sync Qwen/Qwen3-0.6B --cluster",
      "  exo-dl doctor",
      "",
      "stdout carries results only, such as the path of what was fetched; all else is on stderr.",
      "",
      "Exit codes: 0 ok, 1 internal error, 2 wrong usage, 10 no access (token, gated), 11 not found,",
      "  12 network (run again to go on), 13 integrity, 14 disk or lock, 15 cluster, 16 partial,",
      "  130 interrupted, 143 terminated.",
      "",
      "Each setting is also a variable EXO_DL_* and a line of ~/.config/exo-dl/config.yaml; the",
      "variables of the hub's own clients (HF_HOME, HF_TOKEN, HF_ENDPOINT ...) are honoured.",
      "'exo-dl doctor' shows them all."
    })
public final class TopCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;
}
