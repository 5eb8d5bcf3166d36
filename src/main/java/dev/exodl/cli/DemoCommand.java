package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Amounts;
import dev.exodl.cli.show.Display;
import dev.exodl.cli.show.Ticker;
import dev.exodl.demo.Demo;
import dev.exodl.demo.DemoStep;
import dev.exodl.download.ProgressBoard;
import dev.exodl.download.SyncRequest;
import dev.exodl.download.SyncSettings;
import dev.exodl.fetch.FetchLimits;
import dev.exodl.hub.HubSettings;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code exo-dl demo}: a whole download without any network. */
@Command(
    name = "demo",
    abbreviateSynopsis = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    header = "Show a whole download from a demo hub on this machine.",
    description = {
      "",
      "Makes a small model with random weights, serves it on 127.0.0.1 as the hub would, syncs it, "
          + "syncs it again, and reads every file back to check it. Needs no network and no account, "
          + "and leaves nothing behind. Exits with 0 only if all of it went right.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  exo-dl demo",
      "  exo-dl demo --model-size 1GiB",
      "  exo-dl demo --keep /tmp/demo-cache",
      "",
      "Takes twice the model's size in TMPDIR while it runs."
    })
public final class DemoCommand extends ProgramCommand {
  private static final Bytes DEFAULT_SIZE = new Bytes(64L << 20);

  @Option(
      names = "--model-size",
      paramLabel = "BYTES",
      description = "About how large the model is. Default: 64MiB.")
  Bytes modelSize = DEFAULT_SIZE;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Use this folder for the cache, keep it, and print the snapshot's path.")
  @Nullable String keep;

  @Mixin ProgressOptions output = new ProgressOptions();

  /** What there is to stop at a signal. */
  private final AtomicReference<Runnable> running = new AtomicReference<>(() -> {});

  private final ObjectNode account = JsonOutput.ok();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Console console = program().console();
    Path kept = keep == null ? null : OptionValues.path("--keep", keep);
    Demo demo = new Demo(modelSize.value(), temp(), kept);
    Path snapshot;
    // A signal must find something to stop until all is removed: the demo is closed first.
    try (Stopper.Running _ = program().stopper().running(code -> stopped(demo, code));
        demo) {
      snapshot = demo.run(this::sync, this::tell);
    }
    if (output.json) {
      account.put("path", kept == null ? null : snapshot.toString());
      JsonOutput.print(console.out(), account);
    } else if (kept != null) {
      console.out().println(snapshot);
    } else {
      say("the hub and its model are removed; with --keep DIR the cache stays");
    }
    return ExitCode.OK.number();
  }

  private Path temp() {
    String named = program().environment().get("TMPDIR");
    return named == null || named.isBlank()
        ? Path.of(System.getProperty("java.io.tmpdir", "/tmp"))
        : OptionValues.path("TMPDIR", named);
  }

  /** One sync as {@code exo-dl sync} does it; no proxy and no token, whatever the settings say. */
  private Path sync(URI endpoint, String repo, Path cache) {
    ProgressBoard board = new ProgressBoard();
    SyncSettings settings =
        new SyncSettings(
            HubSettings.of(endpoint), FetchLimits.DEFAULT, !program().settings().symlinks());
    try (Display display = output.display(program())) {
      var sync = program().jobs().sync(settings, Optional.empty(), display, board);
      running.set(() -> end(sync, display));
      try (Ticker _ = Ticker.start(display, board)) {
        return sync.run(request(repo, cache)).path();
      } finally {
        running.set(() -> {});
      }
    }
  }

  private static void end(Jobs.Running<?, ?> sync, Display display) {
    sync.stop();
    display.close();
  }

  private static SyncRequest request(String repo, Path cache) {
    return new SyncRequest(
        new Repo(RepoType.MODEL, repo),
        Revision.MAIN,
        SyncRequest.Selection.ALL,
        new SyncRequest.Place.Cache(cache),
        false,
        false,
        false,
        0);
  }

  private void tell(DemoStep step) {
    say(line(step));
    switch (step) {
      case DemoStep.HubReady e ->
          account.put("repo", e.repo()).put("files", e.files()).put("modelBytes", e.bytes());
      case DemoStep.Synced e ->
          account
              .put("requests", e.requests())
              .put("bytesServed", e.bytes())
              .put("tookMs", e.took().toMillis());
      case DemoStep.SyncedAgain e ->
          account.put("requestsAgain", e.requests()).put("bytesServedAgain", e.bytes());
      case DemoStep.Verified e -> account.put("verified", e.files());
    }
  }

  private static String line(DemoStep step) {
    return switch (step) {
      case DemoStep.HubReady e ->
          "demo hub on %s with %s: %s, %s"
              .formatted(
                  e.endpoint(), e.repo(), Amounts.files(e.files()), Amounts.bytes(e.bytes()));
      case DemoStep.Synced e ->
          "first sync: %s, %s, the hub sent %s%s"
              .formatted(
                  Amounts.brief(e.took()),
                  requests(e.requests()),
                  Amounts.bytes(e.bytes()),
                  e.bytes() == e.modelBytes()
                      ? ", each byte once"
                      : " of a model of " + Amounts.bytes(e.modelBytes()));
      case DemoStep.SyncedAgain e ->
          "second sync: %s, %s, the hub sent %s"
              .formatted(
                  Amounts.brief(e.took()),
                  requests(e.requests()),
                  e.bytes() == 0 ? "no file" : Amounts.bytes(e.bytes()));
      case DemoStep.Verified e ->
          "verified: %s, %s read back from the disk in %s, all as the hub lists them"
              .formatted(
                  Amounts.files(e.files()), Amounts.bytes(e.bytes()), Amounts.brief(e.took()));
    };
  }

  private static String requests(int number) {
    return number == 1 ? "1 request" : number + " requests";
  }

  private void say(String line) {
    if (verbosity() != Verbosity.QUIET) {
      program().console().tell(line);
    }
  }

  /** Called on the signal's thread. */
  private void stopped(Demo demo, ExitCode code) {
    running.get().run();
    demo.close();
    String word = code == ExitCode.TERMINATED ? "terminated" : "interrupted";
    String left = keep == null ? "nothing is left behind" : "what was fetched is kept";
    program().console().tell("exo-dl: " + word + "; " + left);
    if (output.json) {
      JsonOutput.print(
          program().console().out(),
          JsonOutput.failure(code, word, word + "; " + left, "demo", "run it again"));
    }
  }
}
