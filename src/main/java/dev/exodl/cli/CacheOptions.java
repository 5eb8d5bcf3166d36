package dev.exodl.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cache is meant. */
final class CacheOptions {
  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "Cache to use. Default: $HF_HUB_CACHE or the hub's usual one.")
  @Nullable String cacheDir;

  Path root(Program program) {
    return cacheDir == null
        ? program.settings().cacheDir()
        : OptionValues.path("--cache-dir", cacheDir);
  }
}
