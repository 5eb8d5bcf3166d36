package dev.exodl.cli;

import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.show.NoDisplay;
import dev.exodl.download.PlanRequest;
import dev.exodl.download.PlanRequest.Rates;
import dev.exodl.download.PlanResult;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncRequest.Place;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Strategy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code exo-dl plan}. */
@Command(
    name = "plan",
    header = "Show what a sync by several nodes would do, without a cluster.",
    description = {
      "",
      "Files and chunks, how the hub's bytes spread over nodes that hold nothing, and with --wan and --lan the time "
          + "that no way of doing it can beat. With --split, which layers of the model each node would have. Asks for "
          + "the listing, with --split also for the headers of weight files; writes nothing.",
      ""
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Examples:",
      "  exo-dl plan Qwen/Qwen3-0.6B --nodes 4",
      "  exo-dl plan Qwen/Qwen3-0.6B --nodes 16 --wan 125MB --lan 1.25GB",
      "  exo-dl plan Qwen/Qwen3-0.6B --nodes 2 --split memory --memory 64GiB,32GiB"
    })
public final class PlanCommand extends ProgramCommand {
  private static final int MOST_NODES = 10_000;

  @Parameters(
      index = "0",
      paramLabel = "REPO[@REV]",
      description = "ORG/NAME, or hf://[datasets/|spaces/]ORG/NAME[@REV][/PATH].")
  String repo = "";

  @Option(
      names = "--nodes",
      required = true,
      paramLabel = "N",
      description = "How many nodes there are.")
  int nodes;

  @Option(
      names = "--strategy",
      paramLabel = "HOW",
      description =
          "Who fetches from the hub: swarm, leader or independent. Default: swarm, each node a share.")
  @Nullable Strategy strategy;

  @Option(
      names = "--wan",
      paramLabel = "BYTES",
      description = "Bytes a second from the hub to all nodes together, for example 125MB.")
  @Nullable Bytes wan;

  @Option(
      names = "--lan",
      paramLabel = "BYTES",
      description = "Bytes a second of each node's link to the others, for example 1.25GB.")
  @Nullable Bytes lan;

  @Mixin SplitOptions split = new SplitOptions();

  @Mixin SelectionOptions selection = new SelectionOptions();

  @Mixin CacheOptions cache = new CacheOptions();

  @Mixin HubOptions hub = new HubOptions();

  @Mixin OutputOptions output = new OutputOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Program program = program();
    PlanRequest request = request(program);
    Console console = program.console();
    PlanResult result;
    try (NoDisplay display = new NoDisplay(console.err(), verbosity())) {
      output.warn(program, display::say);
      var plan = program.jobs().plan(OptionValues.sync(program, hub, 1, 0), display);
      try (Stopper.Running _ =
          program.stopper().running(code -> Main.stopped(code, output.json, console))) {
        result = plan.run(request);
      }
    }
    new PlanOutcome(console, output.json).done(result);
    return ExitCode.OK.number();
  }

  private PlanRequest request(Program program) {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw bad("bad value '" + nodes + "'", "--nodes", "give a number from 1 to " + MOST_NODES);
    }
    RepoArgument argument = selection.repo(repo);
    return new PlanRequest(
        new SyncRequest(
            argument.repo(),
            argument.revision().orElse(Revision.MAIN),
            selection.selection(argument.path().stream().toList()),
            new Place.Cache(cache.caches(program)),
            hub.offline || program.settings().offline(),
            false,
            true,
            0),
        nodes,
        strategy == null ? program.settings().strategy() : strategy,
        rates(),
        split.split(nodes));
  }

  private Optional<Rates> rates() {
    if (wan == null && lan == null) {
      return Optional.empty();
    }
    if (wan == null || lan == null) {
      throw bad(
          "--wan and --lan belong together", "plan", "give the other one too, or leave both out");
    }
    for (Bytes rate : List.of(wan, lan)) {
      if (rate.value() < 1) {
        throw bad("nothing can be got at 0 bytes a second", "--wan and --lan", "give a rate");
      }
    }
    return Optional.of(new Rates(wan.value(), lan.value()));
  }

  private static FailureException bad(String what, String where, String next) {
    return new FailureException(new Failure.Usage(what, where, next));
  }
}
