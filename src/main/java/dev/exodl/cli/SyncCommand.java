package dev.exodl.cli;

import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.settings.Settings;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Display;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncListener;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncResult;
import dev.exodl.download.SyncSettings;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Revision;
import dev.exodl.swarm.NodeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code exo-dl sync}: the main job. */
@Command(
    name = "sync",
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    header = "Download a repo, or files of it: resumes, verifies, prints the path.",
    description = {
      "",
      "Files go to the Hugging Face cache, where all other clients of the hub find them, or to --local-dir. "
          + "A run that was cut off goes on where it was: give the same command again.",
      "With --cluster, the nodes that run the same command share the work: each byte comes over the internet once, "
          + "the rest from node to node.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  exo-dl sync Qwen/Qwen3-0.6B",
      "  exo-dl sync Qwen/Qwen3-0.6B config.json tokenizer.json",
      "  exo-dl sync Qwen/Qwen3-0.6B@refs/pr/3 --dry-run",
      "  exo-dl sync hf://datasets/rajpurkar/squad --local-dir squad",
      "  model=$$(exo-dl sync -q Qwen/Qwen3-0.6B)",
      "  exo-dl sync Qwen/Qwen3-0.6B --cluster --wait-for 4",
      "  exo-dl sync Qwen/Qwen3-0.6B --shard 1/4",
      "  exo-dl sync Qwen/Qwen3-0.6B --cluster --wait-for 4 --split memory --then-complete",
      "",
      "Patterns are as hf has them: * also matches /, so '*.json' takes a/b.json; data/ is all below data."
    })
public final class SyncCommand extends ProgramCommand {
  @Parameters(
      index = "0",
      paramLabel = "REPO[@REV]",
      description = "ORG/NAME, or hf://[datasets/|spaces/]ORG/NAME[@REV][/PATH].")
  String repo = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "Only these files; one that ends in / is a folder.")
  List<String> files = new ArrayList<>();

  @Mixin SelectionOptions selection = new SelectionOptions();

  @Mixin PlaceOptions place = new PlaceOptions();

  @Mixin ShardOptions shard = new ShardOptions();

  @Mixin HubOptions hub = new HubOptions();

  @Option(names = "--force", description = "Fetch again also what is here.")
  boolean force;

  @Option(names = "--force-download", hidden = true, description = "As hf calls --force.")
  boolean forceDownload;

  @Option(names = "--dry-run", description = "Say what would be fetched; write nothing.")
  boolean dryRun;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "Most connections at once. Default: 16; fewer are used while fewer do as well.")
  @Nullable Integer maxConnections;

  @Option(names = "--max-workers", hidden = true, description = "As hf calls --max-connections.")
  @Nullable Integer maxWorkers;

  @Option(
      names = "--max-rate",
      paramLabel = "BYTES",
      description = "Most bytes a second, for example 50MB or 4MiB. Default: no limit.")
  @Nullable Bytes maxRate;

  @Option(
      names = "--min-free-space",
      paramLabel = "BYTES",
      description = "What has to stay free on the disk. Default: 64MiB.")
  @Nullable Bytes minFreeSpace;

  @Mixin ReuseOptions reuse = new ReuseOptions();

  @Mixin ClusterOptions cluster = new ClusterOptions();

  @Mixin ProgressOptions output = new ProgressOptions();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Program program = program();
    SyncRequest request = request(program);
    SyncOutcome outcome = new SyncOutcome(program.console(), output.json, verbosity());
    Optional<NodeSettings> node = cluster.settings(program);
    ProgressBoard board = new ProgressBoard();
    Jobs.Running<SyncRequest, SyncResult> sync;
    SyncResult result;
    Optional<ReadyCommand> ready;
    try (Display display = output.display(program)) {
      warnings(program).forEach(w -> tell(display, w));
      ready = shard.onReady().map(command -> new ReadyCommand(command, display));
      SyncListener listener = ready.isPresent() ? ready.get() : display;
      sync = program.jobs().sync(settings(program), node, listener, board);
      result =
          WhileWorking.run(
              program,
              display,
              board,
              sync,
              request,
              code -> {
                ready.ifPresent(ReadyCommand::stop);
                outcome.stopped(board, code);
              });
    } catch (FailureException e) {
      throw cluster.nameMeant(repo, files, e);
    }
    ready.ifPresent(r -> r.displayClosed(w -> warn(program, w)));
    outcome.done(result);
    if (node.isPresent() && !request.dryRun()) {
      after(program, sync, ready);
    }
    ready.ifPresent(r -> r.await(program.stopper()));
    return ExitCode.OK.number();
  }

  /** What was asked for is done: a signal ends the serving, and that is no failure. */
  private void after(Program program, Jobs.Running<?, ?> sync, Optional<ReadyCommand> ready) {
    if (sync.hasMore() && verbosity() != Verbosity.QUIET) {
      program.console().tell("serving the other nodes until they are done too; Ctrl-C ends that");
    }
    Stopper.Stoppable stop =
        _ -> {
          ready.ifPresent(ReadyCommand::stop);
          sync.stop();
        };
    try (Stopper.Running _ = program.stopper().running(stop, ExitCode.OK)) {
      sync.after();
    }
  }

  private void warn(Program program, String warning) {
    if (!output.quiet) {
      program.console().tell("warning: " + warning);
    }
  }

  private void tell(Display display, String warning) {
    if (!output.quiet) {
      display.say("warning: " + warning);
    }
  }

  private List<String> warnings(Program program) {
    List<String> warnings = new ArrayList<>(program.lookup().warnings());
    if (!files.isEmpty() && selection.hasPatterns()) {
      warnings.add("--include and --exclude are ignored since files are named");
    }
    return warnings;
  }

  /** The request in the words of {@code download}; options go before settings. */
  SyncRequest request(Program program) {
    Settings settings = program.settings();
    RepoArgument argument = selection.repo(repo);
    List<String> named = new ArrayList<>(files);
    argument.path().ifPresent(named::addFirst);
    return new SyncRequest(
        argument.repo(),
        argument.revision().orElse(Revision.MAIN),
        selection.selection(named),
        place.place(program, argument.repo()),
        hub.offline || settings.offline(),
        force || forceDownload,
        dryRun,
        minFreeSpace == null ? settings.minFreeSpace().value() : minFreeSpace.value(),
        shard.shard(named, place.layout(settings), cluster.node.join.cluster != null, dryRun),
        Optional.empty());
  }

  private SyncSettings settings(Program program) {
    return OptionValues.sync(
            program,
            hub,
            connections(program.settings()),
            maxRate == null ? program.settings().maxRate().value() : maxRate.value())
        .with(reuse.reuse(program, place.cache.caches(program)));
  }

  private int connections(Settings settings) {
    Integer asked = maxConnections != null ? maxConnections : maxWorkers;
    int connections = asked != null ? asked : settings.maxConnections();
    if (connections < 1 || connections > 1024) {
      throw new FailureException(
          new Failure.Usage(
              "bad value '" + connections + "'",
              "--max-connections",
              "give a number from 1 to 1024"));
    }
    return connections;
  }
}
