package dev.exodl.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the hub is reached. */
final class HubOptions {
  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The hub or a mirror. Default: $HF_ENDPOINT or the public hub.")
  @Nullable String endpoint;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "Token for private and gated repos. Others on this machine can see a command line: prefer HF_TOKEN or 'hf auth login'.")
  @Nullable String token;

  @Option(
      names = "--offline",
      description =
          "No network at all: only what is on this machine. In a cluster: no hub, only what the nodes have.")
  boolean offline;
}
