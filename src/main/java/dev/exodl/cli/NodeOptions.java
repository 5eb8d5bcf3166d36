package dev.exodl.cli;

import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.SettingsLookup;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a node that gives and takes chunks has to know, besides how it joins. */
final class NodeOptions {
  @Mixin JoinOptions join = new JoinOptions();

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "Where this node is; chunks come from nodes of the same zone first.")
  @Nullable String zone;

  @Option(
      names = "--max-lan-rate",
      paramLabel = "BYTES",
      description = "Most bytes a second to other nodes, and as many from them. Default: no limit.")
  @Nullable Bytes maxLanRate;

  @Option(
      names = "--cluster-max-rate",
      paramLabel = "BYTES",
      description =
          "Most bytes a second from the hub, of all nodes together; the coordinator's counts. Default: no limit.")
  @Nullable Bytes maxClusterRate;

  String zone(Settings settings) {
    return zone == null ? settings.zone().orElse("") : SettingsLookup.check("zone", zone, "--zone");
  }

  long maxLanRate(Settings settings) {
    return (maxLanRate == null ? settings.maxLanRate() : maxLanRate).value();
  }

  long maxClusterRate(Settings settings) {
    return (maxClusterRate == null ? settings.clusterMaxRate() : maxClusterRate).value();
  }
}
