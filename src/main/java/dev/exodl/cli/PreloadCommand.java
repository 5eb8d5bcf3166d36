package dev.exodl.cli;

import dev.exodl.cli.models.Lock;
import dev.exodl.cli.models.ModelList;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Display;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncRequest.Place;
import dev.exodl.download.SyncRequest.Selection;
import dev.exodl.download.SyncResult;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Revision;
import dev.exodl.store.Caches;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code exo-dl preload}. */
@Command(
    name = "preload",
    header = "Have all models of a list here: before a cluster starts, or in an image.",
    description = {
      "",
      "Syncs one model after the other; each that fails is told, and the others are fetched all the same. Exit code 0 "
          + "only when all are whole, else 16: give the same command again, it goes on where it was.",
      "--lock asks the hub which commits the revisions are now and writes them to MODELS.lock; while that file is there, "
          + "they are what is fetched.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "The list is YAML:",
      "  models:",
      "    - Qwen/Qwen3-0.6B",
      "    - repo: Qwen/Qwen3-8B",
      "      revision: main",
      "      include: ['*.json', '*.safetensors']",
      "      exclude: ['original/*']",
      "      local-dir: models/qwen3-8b",
      "    - repo: mlx-community/Qwen3-8B-4bit",
      "      layout: exo",
      "    - repo: rajpurkar/squad",
      "      type: dataset",
      "",
      "Examples:",
      "  exo-dl preload models.yaml --lock",
      "  exo-dl preload models.yaml --locked"
    })
public final class PreloadCommand extends ProgramCommand {
  @Parameters(index = "0", paramLabel = "MODELS", description = "The list, a YAML file.")
  String list = "";

  @Option(names = "--lock", description = "Write the commits of now to MODELS.lock; fetch nothing.")
  boolean lock;

  @Option(
      names = "--locked",
      description = "Refuse when MODELS.lock is not there or does not fit the list.")
  boolean locked;

  @Mixin CacheOptions cache = new CacheOptions();

  @Mixin HubOptions hub = new HubOptions();

  @Mixin ProgressOptions output = new ProgressOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Program program = program();
    if (lock && locked) {
      throw bad("--lock and --locked exclude each other", "preload", "give one of them");
    }
    if (lock && isOffline()) {
      throw bad("--lock has to ask the hub", "preload", "give it without --offline");
    }
    // A mistake in the command is none of a model.
    cache.caches(program);
    Path path = OptionValues.file("the argument MODELS", list);
    ModelList models = ModelList.read(path, PreloadCommand::named);
    output.warn(program, program.console()::tell);
    PreloadOutcome outcome =
        new PreloadOutcome(program.console(), output.json, verbosity(), models);
    return lock ? pin(models, outcome) : fetch(models, outcome);
  }

  private static ModelList.Named named(
      String text,
      dev.exodl.model.@org.jspecify.annotations.Nullable RepoType type,
      @org.jspecify.annotations.Nullable String revision) {
    RepoArgument argument = RepoArgument.of(text, type, revision);
    if (argument.path().isPresent()) {
      throw bad("a path in a repo", "the list", "choose files with 'include'");
    }
    return new ModelList.Named(argument.repo(), argument.revision().orElse(Revision.MAIN));
  }

  private int fetch(ModelList models, PreloadOutcome outcome) {
    Path path = Lock.beside(models.path());
    Optional<Lock> pinned = Lock.read(path);
    Optional<String> unfit =
        pinned.isPresent() ? pinned.get().unfit(models) : Optional.of("it is not there");
    if (unfit.isPresent() && locked) {
      throw bad(
          "the lock does not fit the list: " + unfit.get(),
          path.toString(),
          "make it again with 'exo-dl preload --lock'");
    }
    if (unfit.isPresent() && pinned.isPresent()) {
      outcome.warn(
          "the lock does not fit the list: "
              + unfit.get()
              + "; make it again with 'exo-dl preload --lock'");
    }
    for (ModelList.Wanted model : models.models()) {
      try {
        outcome.whole(
            model, sync(request(model, pinned.flatMap(l -> l.commit(model)), false), outcome));
      } catch (FailureException e) {
        outcome.failed(model, e.failure());
      }
    }
    return outcome.done().number();
  }

  /** A dry run asks for commit and listing, so that patterns which match nothing are seen too. */
  private int pin(ModelList models, PreloadOutcome outcome) {
    Map<Lock.Key, Commit> commits = new LinkedHashMap<>();
    for (ModelList.Wanted model : models.models()) {
      try {
        SyncResult result = sync(request(model, Optional.empty(), true), outcome);
        if (result.offline()) {
          throw new FailureException(
              new Failure.Network(
                  "the hub could not be asked for its commit",
                  model.name(),
                  "run the same command again later"));
        }
        commits.put(new Lock.Key(model.repo(), model.revision()), result.commit());
        outcome.pinned(model, result.commit());
      } catch (FailureException e) {
        outcome.failed(model, e.failure());
      }
    }
    Lock made = new Lock(Lock.beside(models.path()), commits);
    if (outcome.allWell()) {
      made.write();
      outcome.wrote(made.path());
    }
    return outcome.done().number();
  }

  private SyncResult sync(SyncRequest request, PreloadOutcome outcome) {
    Program program = program();
    ProgressBoard board = new ProgressBoard();
    try (Display display = output.display(program)) {
      if (verbosity() != Verbosity.QUIET) {
        display.say(outcome.beginning());
      }
      var settings =
          OptionValues.sync(
                  program,
                  hub,
                  program.settings().maxConnections(),
                  program.settings().maxRate().value())
              .with(new ReuseOptions().reuse(program, cache.caches(program)));
      var work = program.jobs().sync(settings, Optional.empty(), display, board);
      return WhileWorking.run(program, display, board, work, request, outcome::stopped);
    }
  }

  private SyncRequest request(ModelList.Wanted model, Optional<Commit> pinned, boolean dryRun) {
    Program program = program();
    return new SyncRequest(
        model.repo(),
        model.revision(),
        new Selection(List.of(), model.includes(), model.excludes()),
        place(model),
        isOffline(),
        false,
        dryRun,
        program.settings().minFreeSpace().value(),
        Optional.empty(),
        pinned);
  }

  private Place place(ModelList.Wanted model) {
    Program program = program();
    Caches caches = cache.caches(program);
    return switch (model.layout()) {
      case HF -> new Place.Cache(caches);
      case DIR -> PlaceOptions.local(program, model.localDir().orElseThrow(), caches);
      case EXO ->
          PlaceOptions.exo(
              program, model.repo(), model.localDir().orElse(null), caches, model.name());
    };
  }

  private boolean isOffline() {
    return hub.offline || program().settings().offline();
  }

  private static FailureException bad(String what, String where, String next) {
    return new FailureException(new Failure.Usage(what, where, next));
  }
}
