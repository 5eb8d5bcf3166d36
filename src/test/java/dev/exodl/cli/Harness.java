package dev.exodl.cli;

import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.SettingsLookup;
import dev.exodl.download.DoctorReport;
import dev.exodl.download.ExportRequest;
import dev.exodl.download.ExportResult;
import dev.exodl.download.ImportRequest;
import dev.exodl.download.ImportResult;
import dev.exodl.download.PlanRequest;
import dev.exodl.download.PlanResult;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.ServeRequest;
import dev.exodl.download.SyncEvent;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;
import dev.exodl.download.VerifyRequest;
import dev.exodl.download.VerifyResult;
import dev.exodl.store.Caches;
import dev.exodl.swarm.ClusterStatus;
import dev.exodl.swarm.NodeSettings;
import dev.exodl.swarm.Serving;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * Runs command lines without the framework: real commands and settings, faked rooms and streams.
 */
final class Harness {
  int code;
  final FakeConsole console = new FakeConsole();
  final Map<String, String> environment = new HashMap<>(Map.of("HOME", "/home/me"));
  SyncRequest request;
  SyncSettings settings;
  Optional<NodeSettings> cluster = Optional.empty();
  Jobs jobs = new FakeJobs();
  java.time.Clock clock = java.time.Clock.systemUTC();

  /** What the faked sync does. */
  Function<FakeSync, SyncResult> sync =
      s -> {
        throw new IllegalStateException("no sync expected");
      };

  /** What the faked look at a cluster tells, one after the other; and with what it was asked. */
  List<ClusterStatus> statuses = List.of();

  NodeSettings node;
  Optional<Duration> every;

  /** What the faked node was asked to serve; what happens while it does. */
  ServeRequest served;

  Runnable whileServing = () -> {};

  /** What the faked sync does to stop; whether it serves others afterwards, and how. */
  Runnable stoppingSync = () -> {};

  boolean hasMore = true;
  Runnable afterSync = () -> {};

  /** What the faked look does when it has told all, before it tells anything, and to stop. */
  Runnable leaving = () -> {};

  Runnable looking = () -> {};
  Runnable stoppingLook = () -> {};

  /** What the faked node that serves does to stop. */
  Runnable stoppingServe = () -> {};

  Stopper stopper = new Stopper(code -> {});

  record FakeSync(SyncRequest request, SyncListener listener, ProgressBoard board) {}

  /** The exit code. */
  int run(String... args) {
    // As Main does it.
    Optional<Integer> plain = Main.answerPlainly(args, console);
    if (plain.isPresent()) {
      return plain.get();
    }
    SettingsLookup.Lookup lookup = SettingsLookup.of(environment, "/nowhere");
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(lookup.properties(), "found", 1000))
            .withMapping(Settings.class)
            .withConverter(
                java.time.Duration.class,
                1000,
                new io.quarkus.runtime.configuration.DurationConverter())
            .withConverter(Path.class, 1000, new io.quarkus.runtime.configuration.PathConverter())
            .build();
    Program program =
        new Program(
            config.getConfigMapping(Settings.class),
            lookup,
            environment,
            console,
            jobs,
            stopper,
            clock);
    CommandLine.IFactory factory =
        new CommandLine.IFactory() {
          @Override
          public <K> K create(Class<K> type) throws Exception {
            K made = CommandLine.defaultFactory().create(type);
            if (made instanceof ProgramCommand command) {
              command.program = program;
            }
            return made;
          }
        };
    return CommandLines.of(factory, console).execute(args);
  }

  /** Exit code, stdout and stderr as one text, for golden files. */
  String transcript(String... args) {
    int code = run(args);
    StringBuilder text = new StringBuilder("$ exo-dl " + String.join(" ", args) + "\n");
    console.stdout().lines().forEach(l -> text.append("1| ").append(l).append('\n'));
    console.stderr().lines().forEach(l -> text.append("2| ").append(l).append('\n'));
    return text.append("exit ").append(code).append("\n\n").toString();
  }

  /** Real verification, plans and doctor; faked sync, status and serve. */
  private final class FakeJobs implements Jobs {
    private final Jobs real = new RealJobs();

    @Override
    public Running<SyncRequest, SyncResult> sync(
        SyncSettings given, Optional<NodeSettings> in, SyncListener listener, ProgressBoard board) {
      settings = given;
      cluster = in;
      return new Running<>() {
        @Override
        public SyncResult run(SyncRequest asked) {
          request = asked;
          return sync.apply(new FakeSync(asked, listener, board));
        }

        @Override
        public boolean hasMore() {
          return hasMore;
        }

        @Override
        public void after() {
          afterSync.run();
        }

        @Override
        public void stop() {
          stoppingSync.run();
        }
      };
    }

    @Override
    public Running<VerifyRequest, VerifyResult> verify(
        SyncSettings given, SyncListener listener, ProgressBoard board) {
      return real.verify(given, listener, board);
    }

    @Override
    public Running<ExportRequest, ExportResult> export(
        SyncSettings given, SyncListener listener, ProgressBoard board) {
      return real.export(given, listener, board);
    }

    @Override
    public Running<ImportRequest, ImportResult> importing(
        SyncSettings given, SyncListener listener, ProgressBoard board) {
      return real.importing(given, listener, board);
    }

    @Override
    public Running<Optional<Duration>, ClusterStatus> status(
        NodeSettings given, SyncListener listener, Consumer<ClusterStatus> each) {
      node = given;
      return new Running<>() {
        @Override
        public ClusterStatus run(Optional<Duration> asked) {
          every = asked;
          looking.run();
          statuses.forEach(each);
          leaving.run();
          return statuses.getLast();
        }

        @Override
        public void stop() {
          stoppingLook.run();
        }
      };
    }

    @Override
    public Running<PlanRequest, PlanResult> plan(SyncSettings given, SyncListener listener) {
      return real.plan(given, listener);
    }

    @Override
    public Running<ServeRequest, Long> serve(
        SyncSettings given, NodeSettings asNode, SyncListener listener, Consumer<Serving> ready) {
      settings = given;
      node = asNode;
      return new Running<>() {
        @Override
        public Long run(ServeRequest asked) {
          served = asked;
          listener.on(
              new SyncEvent.Warning(
                  "refused a node at 10.0.0.9: it does not have this cluster's key"));
          ready.accept(new Serving("10.0.0.1:7841", 3, 2, 1_500_000_000));
          whileServing.run();
          return 0L;
        }

        @Override
        public void stop() {
          stoppingServe.run();
        }
      };
    }

    @Override
    public DoctorReport doctor(SyncSettings given, Caches caches, boolean offline) {
      return real.doctor(given, caches, offline);
    }
  }
}
