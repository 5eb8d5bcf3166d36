package dev.exodl.cli;

import dev.exodl.cli.settings.Layout;
import dev.exodl.cli.settings.Settings;
import dev.exodl.download.SyncRequest.Place;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.store.Caches;
import dev.exodl.store.KnownStores;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where files go. */
final class PlaceOptions {
  @Mixin CacheOptions cache = new CacheOptions();

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

  /**
   * The place for a repo.
   *
   * @throws FailureException usage failure for options that exclude each other
   */
  Place place(Program program, Repo repo) {
    if (cache.cacheDir != null && localDir != null) {
      throw bad("--cache-dir and --local-dir exclude each other", "sync", "give one of them");
    }
    Settings settings = program.settings();
    String from = layout == null ? program.lookup().get("layout").origin() : "--layout";
    Caches caches = cache.caches(program);
    return switch (layout(settings)) {
      case HF -> {
        if (layout != null && localDir != null) {
          throw bad(
              "--local-dir holds plain files, and the layout hf is that of the cache",
              from,
              "take --layout dir, or --cache-dir");
        }
        yield localDir == null ? new Place.Cache(caches) : local(program, localDir, caches);
      }
      case DIR -> {
        if (localDir == null) {
          throw bad("the layout dir needs a folder", from, "add --local-dir");
        }
        yield local(program, localDir, caches);
      }
      case EXO -> {
        if (cache.cacheDir != null) {
          throw bad("--cache-dir is for the layout hf only", from, "take --local-dir");
        }
        Path models = localDir == null ? null : OptionValues.path("--local-dir", localDir);
        yield exo(program, repo, models, caches, from);
      }
    };
  }

  Layout layout(Settings settings) {
    return layout == null ? settings.layout() : layout;
  }

  /**
   * The folder of a model among exo's.
   *
   * @param models the folder of exo's models; null for the one that exo uses
   * @param from what said that it is to be exo's layout
   */
  static Place exo(Program program, Repo repo, @Nullable Path models, Caches caches, String from) {
    if (repo.type() != RepoType.MODEL) {
      throw bad(
          "exo has models only, and this is a " + repo.type().word(), from, "take another layout");
    }
    Path in =
        models == null
            ? KnownStores.exoModels(program.environment(), ReuseOptions.home(program))
            : models;
    // As exo names it: its ModelId.normalize().
    return local(program, in.resolve(repo.id().replace("/", "--")), caches);
  }

  private static Place local(Program program, String dir, Caches caches) {
    return local(program, OptionValues.path("--local-dir", dir), caches);
  }

  /** Plain files, which need no cache that receives. */
  static Place local(Program program, Path dir, Caches caches) {
    return new Place.LocalDir(
        dir,
        caches.noneReceives().isEmpty()
            ? caches
            : new Caches(program.settings().cacheDir(), caches.others(), Optional.empty()));
  }

  private static FailureException bad(String what, String where, String next) {
    return new FailureException(new Failure.Usage(what, where, next));
  }
}
