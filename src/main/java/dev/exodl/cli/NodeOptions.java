package dev.exodl.cli;

import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a node that gives and takes chunks has to know, besides how it joins. */
final class NodeOptions {
  @Mixin JoinOptions join = new JoinOptions();

  @Option(
      names = "--encrypt",
      description =
          "Chunks by TLS only, with the cluster's key: take none from nodes without --encrypt.")
  boolean encrypt;

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

  /**
   * Whether chunks are encrypted.
   *
   * @throws FailureException usage failure when there is no key to do it with
   */
  boolean encrypt(Program program, ClusterSettings cluster) {
    boolean asked = encrypt || program.settings().encrypt();
    if (asked && cluster.key() == null) {
      throw new FailureException(
          new Failure.Usage(
              "chunks are encrypted with the cluster's key, but there is none",
              encrypt ? "--encrypt" : program.lookup().get("encrypt").origin(),
              "add --cluster-key with a file of 'exo-dl cluster keygen', or leave it out"));
    }
    return asked;
  }

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
