package dev.exodl.cli;

import dev.exodl.cli.settings.CachePath;
import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.store.Caches;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cache is meant, or which caches are. */
final class CacheOptions {
  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "Cache to use. Default: $HF_HUB_CACHE or the hub's usual one.")
  @Nullable String cacheDir;

  @Option(
      names = "--cache-path",
      paramLabel = "DIRS",
      description =
          "Caches to look into, with colons between them: the first that can be written to receives; DIR=ro is only read.")
  @Nullable String cachePath;

  /** The cache that receives. */
  Path root(Program program) {
    return caches(program).root();
  }

  /**
   * The caches; options go before settings, and several before one.
   *
   * @throws FailureException usage failure for options that exclude each other
   */
  Caches caches(Program program) {
    if (cacheDir != null && cachePath != null) {
      throw new FailureException(
          new Failure.Usage(
              "--cache-dir and --cache-path exclude each other",
              "--cache-path",
              "give one of them"));
    }
    if (cacheDir != null) {
      return Caches.one(OptionValues.path("--cache-dir", cacheDir));
    }
    if (cachePath != null) {
      // No shell puts a home behind a colon.
      return CachePath.caches(
          SettingsLookup.check(
              "cache-path",
              cachePath,
              "--cache-path",
              program.environment(),
              System.getProperty("user.home", "/")));
    }
    return program
        .settings()
        .cachePath()
        .map(CachePath::caches)
        .orElseGet(() -> Caches.one(program.settings().cacheDir()));
  }

  /**
   * The cache that is written to.
   *
   * @throws FailureException storage failure when there are several and none can be written to
   */
  Path receiving(Program program) {
    Caches caches = caches(program);
    caches
        .noneReceives()
        .ifPresent(
            failure -> {
              throw new FailureException(failure);
            });
    return caches.root();
  }
}
