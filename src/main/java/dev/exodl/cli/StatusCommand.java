package dev.exodl.cli;

import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.cli.show.StatusDisplay;
import dev.exodl.cli.show.StatusDisplay.Way;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.swarm.ClusterStatus;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.NodeSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code exo-dl status}. */
@Command(
    name = "status",
    header = "Show the nodes of a cluster and how far each is.",
    description = {
      "",
      "Joins the cluster, asks all nodes, and leaves; it takes part in no transfer. The node with * coordinates. "
          + "HUB and PEERS tell what came from there, LOCAL what was here before, SERVED what went to "
          + "other nodes, IN and OUT bytes a second."
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Examples:",
      "  exo-dl status",
      "  exo-dl status --watch --cluster=lab",
      "  exo-dl status --peers node-1 --json",
      "",
      "Exit code 15 when no other node is found, or none answers."
    })
public final class StatusCommand extends ProgramCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** No table is as wide as this where nothing limits it. */
  private static final int UNLIMITED = 10_000;

  @Option(
      names = "--watch",
      arity = "0..1",
      preprocessor = OnlyAttached.class,
      fallbackValue = "2",
      paramLabel = "SECONDS",
      description = "Look again every 2 or SECONDS seconds, until stopped.")
  @Nullable String watch;

  @Mixin JoinOptions join = new JoinOptions();

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description = "Look for other nodes no longer than this. Default: 5s.")
  @Nullable String patience;

  @Mixin OutputOptions output = new OutputOptions();

  private volatile Jobs.@Nullable Running<?, ?> looking;

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Optional<Duration> every =
        Optional.ofNullable(watch).map(text -> SettingsLookup.time(text, "--watch"));
    NodeSettings node = node();
    try (StatusDisplay display = display(program().console())) {
      var look = program().jobs().status(node, display, foundFirst(node, s -> show(s, display)));
      looking = look;
      try (Stopper.Running _ = program().stopper().running(code -> stopped(display, code))) {
        look.run(every);
      }
    }
    return ExitCode.OK.number();
  }

  private void show(ClusterStatus status, StatusDisplay display) {
    if (watch == null) {
      program().stopper().answering();
    }
    if (output.json) {
      JsonOutput.print(program().console().out(), StatusJson.of(status));
    } else {
      display.show(status);
    }
    if (watch == null) {
      // Only leaving is left: whoever does not wait for it has got what was asked for.
      Stopper.Running _ = program().stopper().running(_ -> stop(), ExitCode.OK);
    }
  }

  private void stop() {
    Jobs.Running<?, ?> look = looking;
    if (look != null) {
      WhileWorking.stop(look);
    }
  }

  /** Called on the signal's thread. Who watches ends it so, and needs not be told. */
  private void stopped(StatusDisplay display, ExitCode code) {
    stop();
    display.close();
    if (watch == null) {
      Main.stopped(code, output.json, program().console());
    }
  }

  /** A node that only asks: it wants nothing, gives nothing, and begins when another is here. */
  private NodeSettings node() {
    return new NodeSettings(
        join.settings(program()),
        false,
        "",
        Strategy.SWARM,
        0,
        0,
        2,
        patience == null ? PATIENCE : SettingsLookup.time(patience, "--wait"),
        new Linger.Never());
  }

  private StatusDisplay display(Console console) {
    boolean live = watch != null && console.errIsTerminal() && console.outIsTerminal();
    return new StatusDisplay(
        watch == null ? Way.ONCE : live ? Way.LIVE : Way.REPEATED,
        console.out(),
        console.outIsTerminal() ? Math.max(1, console.err().columns() - 1) : UNLIMITED,
        console.err(),
        verbosity());
  }

  /** That nobody is there is a failure at the first look only: who watches may see all leave. */
  private static Consumer<ClusterStatus> foundFirst(
      NodeSettings node, Consumer<ClusterStatus> show) {
    return new Consumer<>() {
      private boolean found;

      @Override
      public void accept(ClusterStatus status) {
        if (!found && status.nodes().isEmpty()) {
          throw nobody(node, status.silent());
        }
        found = true;
        show.accept(status);
      }
    };
  }

  private static FailureException nobody(NodeSettings node, int silent) {
    if (silent > 0) {
      return new FailureException(
          new Failure.Cluster(
              (silent == 1 ? "1 other node" : silent + " other nodes")
                  + " of cluster '"
                  + node.cluster().name()
                  + "' "
                  + (silent == 1 ? "is" : "are")
                  + " there, but did not answer in time",
              node.cluster().bind() + ", " + node.cluster().discovery(),
              "try again, or look for longer with --watch"));
    }
    return new FailureException(
        new Failure.Cluster(
            "no other node of cluster '"
                + node.cluster().name()
                + "' is found"
                + node.cluster().discovery().trouble().map(t -> "; " + t).orElse(""),
            node.cluster().bind() + ", " + node.cluster().discovery(),
            "see that one runs with the same name and key, and that this host reaches it (--bind,"
                + " --peers, --discovery, --wait)"));
  }
}
