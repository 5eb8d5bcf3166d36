package dev.exodl.cli;

import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Amounts;
import dev.exodl.cli.show.NoDisplay;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.download.ServeRequest;
import dev.exodl.download.SyncSettings;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Printable;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.store.Caches;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.Serving;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code exo-dl serve}. */
@Command(
    name = "serve",
    header = "Share what the cache holds with the nodes of a cluster, until stopped.",
    description = {
      "",
      "A later 'exo-dl sync --cluster' on another node gets from here what is here, and only the rest from the hub. "
          + "Whole files are shared, also of snapshots that are not whole; without a cluster key only those that anybody may read. "
          + "INT (Ctrl-C) and TERM end it in good order, with exit code 0."
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Examples:",
      "  exo-dl serve",
      "  exo-dl serve --cluster=lab --cluster-key lab.key --max-lan-rate 500MB",
      "",
      "For good: the systemd unit in docs/recipes/systemd.md."
    })
public final class ServeCommand extends ProgramCommand {
  @Mixin CacheOptions cache = new CacheOptions();

  @Mixin NodeOptions node = new NodeOptions();

  @Mixin HubOptions hub = new HubOptions();

  @Mixin OutputOptions output = new OutputOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Program program = program();
    Settings settings = program.settings();
    Caches caches = cache.caches(program);
    SyncSettings how = OptionValues.sync(program, hub, settings.maxConnections(), 0);
    try (NoDisplay display = new NoDisplay(program.console().err(), verbosity())) {
      output.warn(program, display::say);
      var serving =
          program.jobs().serve(how, settings(settings), display, ready -> ready(caches, ready));
      try (Stopper.Running _ = program.stopper().running(_ -> stopped(serving), ExitCode.OK)) {
        serving.run(new ServeRequest(caches, hub.offline || settings.offline()));
      }
    }
    return ExitCode.OK.number();
  }

  private NodeSettings settings(Settings settings) {
    ClusterSettings cluster = node.join.settings(program());
    return new NodeSettings(
        cluster,
        node.encrypt(program(), cluster),
        node.zone(settings),
        Strategy.SWARM,
        node.maxLanRate(settings),
        node.maxClusterRate(settings),
        1,
        Duration.ZERO,
        new Linger.Forever());
  }

  private void ready(Caches caches, Serving serving) {
    if (verbosity() != Verbosity.QUIET) {
      program()
          .console()
          .tell(
              "serving %s (%s) of %s at %s, %s in the cluster"
                  .formatted(
                      serving.snapshots() == 1 ? "1 snapshot" : serving.snapshots() + " snapshots",
                      Amounts.bytes(serving.bytes()),
                      caches.all().stream()
                          .map(Path::toString)
                          .collect(Collectors.joining(" and ")),
                      Printable.of(serving.address()),
                      serving.nodes() == 1 ? "1 node" : serving.nodes() + " nodes"));
    }
  }

  /** Called on the signal's thread: for a daemon that is the normal end. */
  private void stopped(Jobs.Running<?, ?> serving) {
    WhileWorking.stop(serving);
    if (output.json) {
      JsonOutput.print(program().console().out(), JsonOutput.ok());
    }
  }
}
