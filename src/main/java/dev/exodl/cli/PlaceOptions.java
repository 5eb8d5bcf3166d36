package dev.exodl.cli;

import dev.exodl.cli.settings.Layout;
import dev.exodl.cli.settings.Settings;
import dev.exodl.download.SyncRequest.Place;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.store.KnownStores;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where files go. */
final class PlaceOptions {
  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "Cache to use. Default: $HF_HUB_CACHE or the hub's usual one.")
  @Nullable String cacheDir;

  @Option(
      names = "--local-dir",
      paramLabel = "DIR",
      description = "Put plain files there instead of into the cache.")
  @Nullable String localDir;

  @Option(
      names = "--layout",
      paramLabel = "HOW",
      description =
          "hf: the cache; dir: plain files in --local-dir; exo: in ORG--NAME among exo's models, or in --local-dir. Default: hf.")
  @Nullable Layout layout;

  /** The cache that is used, if only to copy from. */
  Path cache(Settings settings) {
    return cacheDir == null ? settings.cacheDir() : OptionValues.path("--cache-dir", cacheDir);
  }

  /**
   * The place for a repo.
   *
   * @throws FailureException usage failure for options that exclude each other
   */
  Place place(Program program, Repo repo) {
    if (cacheDir != null && localDir != null) {
      throw bad("--cache-dir and --local-dir exclude each other", "sync", "give one of them");
    }
    Settings settings = program.settings();
    String from = layout == null ? program.lookup().get("layout").origin() : "--layout";
    Path cache = cache(settings);
    return switch (layout(settings)) {
      case HF -> {
        if (layout != null && localDir != null) {
          throw bad(
              "--local-dir holds plain files, and the layout hf is that of the cache",
              from,
              "take --layout dir, or --cache-dir");
        }
        yield localDir == null ? new Place.Cache(cache) : local(localDir, cache);
      }
      case DIR -> {
        if (localDir == null) {
          throw bad("the layout dir needs a folder", from, "add --local-dir");
        }
        yield local(localDir, cache);
      }
      case EXO -> {
        if (repo.type() != RepoType.MODEL) {
          throw bad(
              "exo has models only, and this is a " + repo.type().word(),
              from,
              "take another layout");
        }
        if (cacheDir != null) {
          throw bad("--cache-dir is for the layout hf only", from, "take --local-dir");
        }
        Path models =
            localDir == null
                ? KnownStores.exoModels(program.environment(), ReuseOptions.home(program))
                : OptionValues.path("--local-dir", localDir);
        // As exo names it: its ModelId.normalize().
        yield new Place.LocalDir(models.resolve(repo.id().replace("/", "--")), cache);
      }
    };
  }

  Layout layout(Settings settings) {
    return layout == null ? settings.layout() : layout;
  }

  private static Place local(String dir, Path cache) {
    return new Place.LocalDir(OptionValues.path("--local-dir", dir), cache);
  }

  private static FailureException bad(String what, String where, String next) {
    return new FailureException(new Failure.Usage(what, where, next));
  }
}
