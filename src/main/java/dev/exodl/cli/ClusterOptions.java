package dev.exodl.cli;

import dev.exodl.cli.settings.LingerTime;
import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.swarm.Linger;
import dev.exodl.swarm.NodeSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A sync as a node of a cluster. */
final class ClusterOptions {
  @Mixin NodeOptions node = new NodeOptions();

  @Option(
      names = "--strategy",
      paramLabel = "HOW",
      description =
          "Who fetches from the hub: swarm (each a part), leader (one), independent (each all). Default: swarm.")
  @Nullable Strategy strategy;

  @Option(
      names = "--wait-for",
      paramLabel = "N",
      description = "Begin when N nodes are here, this one counted. Default: 1.")
  @Nullable Integer waitFor;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description = "Fail when they are not here by then. Default: 30s.")
  @Nullable String patience;

  @Option(
      names = "--linger",
      paramLabel = "TIME",
      description =
          "Serve on until all have what they want and this much longer, or forever or never. Default: 3s.")
  @Nullable String linger;

  /**
   * How to be in the cluster; empty without {@code --cluster}.
   *
   * @throws FailureException usage failure for options that mean nothing then
   */
  Optional<NodeSettings> settings(Program program) {
    if (node.join.cluster == null) {
      refuseWithoutCluster();
      return Optional.empty();
    }
    Settings settings = program.settings();
    ClusterSettings cluster = node.join.settings(program);
    return Optional.of(
        new NodeSettings(
            cluster,
            node.encrypt(program, cluster),
            node.zone(settings),
            strategy == null ? settings.strategy() : strategy,
            node.maxLanRate(settings),
            node.maxClusterRate(settings),
            waitFor(settings),
            patience == null ? settings.waiting() : time(patience),
            linger(settings)));
  }

  /**
   * {@code --cluster NAME} takes NAME for a repo or a file: when there is none like that, and no
   * slash in it, the failure says how a name is given.
   */
  FailureException nameMeant(String repo, List<String> files, FailureException e) {
    String word = repo.contains("/") && files.size() == 1 ? files.getFirst() : repo;
    boolean meant = node.join.cluster != null && !files.isEmpty() && !word.contains("/");
    return meant && e.failure() instanceof Failure.NotFound f
        ? new FailureException(
            new Failure.NotFound(
                f.what(),
                f.where(),
                f.next() + "; a cluster's name goes after '=': --cluster=" + Printable.of(word)),
            e)
        : e;
  }

  private int waitFor(Settings settings) {
    int nodes = waitFor == null ? settings.waitFor() : waitFor;
    if (nodes < 1) {
      throw new FailureException(
          new Failure.Usage("bad value '" + nodes + "'", "--wait-for", "give a number from 1 on"));
    }
    return nodes;
  }

  private static Duration time(String text) {
    return SettingsLookup.time(text, "--wait");
  }

  private Linger linger(Settings settings) {
    return linger == null
        ? settings.linger().value()
        : LingerTime.parse(SettingsLookup.check("linger", linger, "--linger")).value();
  }

  private void refuseWithoutCluster() {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    given.put("--bind", node.join.bind);
    given.put("--peers", node.join.peers);
    given.put("--discovery", node.join.discovery);
    given.put("--cluster-key", node.join.key);
    given.put("--encrypt", node.encrypt ? true : null);
    given.put("--zone", node.zone);
    given.put("--max-lan-rate", node.maxLanRate);
    given.put("--cluster-max-rate", node.maxClusterRate);
    given.put("--strategy", strategy);
    given.put("--wait-for", waitFor);
    given.put("--wait", patience);
    given.put("--linger", linger);
    for (Map.Entry<String, @Nullable Object> option : given.entrySet()) {
      if (option.getValue() != null) {
        throw new FailureException(
            new Failure.Usage(
                option.getKey() + " says how to be in a cluster, but there is no --cluster",
                "sync",
                "add --cluster, or leave it out"));
      }
    }
  }
}
