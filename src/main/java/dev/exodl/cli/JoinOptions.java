package dev.exodl.cli;

import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.cluster.Bind;
import dev.exodl.cluster.ClusterKey;
import dev.exodl.cluster.ClusterSettings;
import dev.exodl.cluster.Discovery;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster, and how this node gets into it. */
final class JoinOptions {
  @Option(
      names = "--cluster",
      arity = "0..1",
      preprocessor = OnlyAttached.class,
      fallbackValue = ClusterSettings.USUAL_NAME,
      paramLabel = "NAME",
      description = "Be in the cluster of this name. Default name: exo-dl.")
  @Nullable String cluster;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description =
          "Listen there only: an address or interface, with :PORT or not. Default: one of a physical interface.")
  @Nullable String bind;

  @Option(
      names = "--peers",
      paramLabel = "HOSTS",
      description =
          "Ask these nodes, HOST[:PORT],... in place of multicast; one that is there will do.")
  @Nullable String peers;

  @Option(
      names = "--discovery",
      paramLabel = "WAY",
      description =
          "multicast, multicast:GROUP[:PORT], dns:NAME[:PORT] or file:FOLDER. Default: multicast.")
  @Nullable String discovery;

  @Option(
      names = "--cluster-key",
      paramLabel = "KEY",
      description = "File of 'exo-dl cluster keygen', the same on all nodes; others are refused.")
  @Nullable String key;

  /**
   * The settings to join with; options go before settings.
   *
   * @throws FailureException usage failure for values that are none; cluster failure where this
   *     host or the key file do not fit them
   */
  ClusterSettings settings(Program program) {
    String name = cluster == null ? ClusterSettings.USUAL_NAME : cluster;
    Bind at = bind(program);
    Discovery way = discovery(program, at.address());
    return new ClusterSettings(name, at, way, key(program.settings()));
  }

  private Bind bind(Program program) {
    if (bind != null) {
      return Bind.of(SettingsLookup.check("bind", bind, "--bind"), "--bind");
    }
    return program
        .settings()
        .bind()
        .map(text -> Bind.of(text, origin(program, "bind")))
        .orElseGet(Bind::choose);
  }

  /** One of the two options puts both settings aside. */
  private Discovery discovery(Program program, InetAddress from) {
    Settings settings = program.settings();
    boolean given = peers != null || discovery != null;
    String hosts = given ? peers : settings.peers().orElse(null);
    String way = given ? discovery : settings.discovery().orElse(null);
    if (hosts != null && way != null) {
      throw new FailureException(
          new Failure.Usage(
              "peers and discovery exclude each other",
              given
                  ? "--peers and --discovery"
                  : origin(program, "peers") + " and " + origin(program, "discovery"),
              "leave one of them out"));
    }
    if (hosts != null) {
      return Discovery.peers(SettingsLookup.check("peers", hosts, "--peers"));
    }
    return way == null
        ? Discovery.multicast(from)
        : Discovery.parse(
            SettingsLookup.check(
                "discovery",
                way,
                "--discovery",
                program.environment(),
                System.getProperty("user.home", "/")),
            from);
  }

  private @Nullable ClusterKey key(Settings settings) {
    Optional<Path> file =
        key == null
            ? settings.clusterKeyFile()
            : Optional.of(OptionValues.file("--cluster-key", key));
    return file.map(ClusterKey::load).orElse(null);
  }

  private static String origin(Program program, String key) {
    return program.lookup().get(key).origin();
  }
}
