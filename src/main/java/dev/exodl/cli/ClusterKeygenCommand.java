package dev.exodl.cli;

import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cluster.ClusterKey;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code exo-dl cluster keygen}. */
@Command(
    name = "keygen",
    header = "Make the key file that lets nodes into a cluster and keeps others out.",
    description = {
      "",
      "Only its owner may read the file, and what is there already is never overwritten. Copy it to all nodes, "
          + "for example with scp -p: who has it can do all that a node can.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  exo-dl cluster keygen cluster.key",
      "  scp -p cluster.key other-node:",
      "  exo-dl sync Qwen/Qwen3-0.6B --cluster --cluster-key cluster.key"
    })
public final class ClusterKeygenCommand extends ProgramCommand {
  @Parameters(paramLabel = "KEY", description = "The file to make.")
  String file = "";

  @Mixin OutputOptions output = new OutputOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    if (file.equals("-")) {
      throw new FailureException(
          new Failure.Usage(
              "a key is not printed", "the argument KEY", "name a file, for example cluster.key"));
    }
    Path path = OptionValues.file("the argument KEY", file);
    ClusterKey.generate(path);
    Console console = program().console();
    if (output.json) {
      end(JsonOutput.ok().put("path", path.toString()));
      return ExitCode.OK.number();
    }
    if (verbosity() != Verbosity.QUIET) {
      console.tell(
          "made a key: copy it to all nodes, then give --cluster-key or set EXO_DL_CLUSTER_KEY_FILE");
    }
    console.out().println(path);
    return ExitCode.OK.number();
  }
}
