package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.settings.Verbosity;
import dev.exodl.cli.show.Amounts;
import dev.exodl.demo.Demo;
import dev.exodl.demo.DemoStep;
import dev.exodl.model.ExitCode;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    header = "Show a whole download: a demo hub and a cluster of nodes on this machine.",
    description = {
      "",
      "Makes a small model with random weights and serves it on 127.0.0.1 as the hub would. Three nodes of a cluster, "
          + "all in this process and each with a cache of its own, sync it at the same moment: each byte comes from the hub "
          + "once, the rest from node to node. Then one node syncs again, and every file of every node is read back and "
          + "checked.",
      "",
      "Needs no network and no account, meets no other cluster, and leaves nothing behind. Exits with 0 only if all of it "
          + "went right.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  exo-dl demo",
      "  exo-dl demo --nodes 8 --model-size 256MiB",
      "  exo-dl demo --keep /tmp/demo-cache",
      "",
      "Takes the model's size in TMPDIR while it runs, once for the hub and once for each node."
    })
public final class DemoCommand extends ProgramCommand {
  private static final Bytes DEFAULT_SIZE = new Bytes(64L << 20);
  private static final int MOST_NODES = 8;

  @Option(
      names = "--model-size",
      paramLabel = "BYTES",
      description = "About how large the model is. Default: 64MiB.")
  Bytes modelSize = DEFAULT_SIZE;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes sync it, 1 to 8. Default: 3.")
  int nodes = 3;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description =
          "Use this folder for the first node's cache, keep it, and print the snapshot's path.")
  @Nullable String keep;

  @Mixin ProgressOptions output = new ProgressOptions();

  private final ObjectNode account = JsonOutput.ok();

  @Override
  OutputOptions output() {
    return output;
  }

  @Override
  public Integer call() {
    Console console = program().console();
    Path kept = keep == null ? null : OptionValues.path("--keep", keep);
    Demo demo = new Demo(modelSize.value(), nodes(), temp(), kept);
    DemoNodes client = new DemoNodes(program(), output, nodes > 1);
    Path snapshot;
    // A signal must find something to stop until all is removed: the demo is closed first.
    try (Stopper.Running _ = program().stopper().running(code -> stopped(client, demo, code));
        demo) {
      snapshot = demo.run(client, this::tell);
    }
    if (output.json) {
      account.put("path", kept == null ? null : snapshot.toString());
      JsonOutput.print(console.out(), account);
    } else if (kept != null) {
      console.out().println(snapshot);
    } else {
      say(
          "all of it is removed; with --keep DIR "
              + (nodes == 1 ? "the cache stays" : "the first node's cache stays"));
    }
    return ExitCode.OK.number();
  }

  private int nodes() {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw new FailureException(
          new Failure.Usage(
              "bad value '" + nodes + "'", "--nodes", "give a number from 1 to " + MOST_NODES));
    }
    return nodes;
  }

  private Path temp() {
    String named = program().environment().get("TMPDIR");
    return named == null || named.isBlank()
        ? Path.of(System.getProperty("java.io.tmpdir", "/tmp"))
        : OptionValues.path("TMPDIR", named);
  }

  private void tell(DemoStep step) {
    lines(step).forEach(this::say);
    switch (step) {
      case DemoStep.HubReady e ->
          account.put("repo", e.repo()).put("files", e.files()).put("modelBytes", e.bytes());
      case DemoStep.NodesBegin e -> {}
      case DemoStep.Synced e -> {
        account
            .put("requests", e.requests())
            .put("bytesServed", e.bytes())
            .put("tookMs", e.took().toMillis());
        ArrayNode each = account.putArray("nodes");
        for (Demo.Fetched node : e.nodes()) {
          each.addObject()
              .put("bytesFromHub", node.fromHub())
              .put("bytesFromPeers", node.fromNodes())
              .put("tookMs", node.took().toMillis());
        }
      }
      case DemoStep.SyncedAgain e ->
          account.put("requestsAgain", e.requests()).put("bytesServedAgain", e.bytes());
      case DemoStep.Verified e -> account.put("verified", e.nodes() * e.files());
    }
  }

  private List<String> lines(DemoStep step) {
    return switch (step) {
      case DemoStep.HubReady e ->
          List.of(
              "demo hub on %s with %s: %s, %s"
                  .formatted(
                      e.endpoint(), e.repo(), Amounts.files(e.files()), Amounts.bytes(e.bytes())));
      case DemoStep.NodesBegin e ->
          e.nodes() == 1
              ? List.of()
              : List.of(
                  e.nodes() + " nodes sync it at the same moment, each into a cache of its own");
      case DemoStep.Synced e -> synced(e);
      case DemoStep.SyncedAgain e ->
          List.of(
              "second sync%s: %s, %s, the hub sent %s"
                  .formatted(
                      nodes == 1 ? "" : " of one node",
                      Amounts.brief(e.took()),
                      requests(e.requests()),
                      e.bytes() == 0 ? "no file" : Amounts.bytes(e.bytes())));
      case DemoStep.Verified e ->
          List.of(
              "verified: %s%s, %s read back in %s, all as the hub lists them"
                  .formatted(
                      e.nodes() == 1 ? "" : e.nodes() + " times ",
                      Amounts.files(e.files()),
                      Amounts.bytes(e.bytes()),
                      Amounts.brief(e.took())));
    };
  }

  private static List<String> synced(DemoStep.Synced e) {
    int nodes = e.nodes().size();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %s, %s, the hub sent %s%s"
            .formatted(
                nodes == 1 ? "first sync" : "sync of " + nodes + " nodes",
                Amounts.brief(e.took()),
                requests(e.requests()),
                Amounts.bytes(e.bytes()),
                e.bytes() == e.modelBytes()
                    ? ", each byte once"
                    : " for a model of " + Amounts.bytes(e.modelBytes())));
    for (int i = 0; i < nodes && nodes > 1; i++) {
      Demo.Fetched node = e.nodes().get(i);
      lines.add(
          "  node %d: %s, %s from the hub, %s from the other nodes"
              .formatted(
                  i + 1,
                  Amounts.brief(node.took()),
                  Amounts.bytes(node.fromHub()),
                  Amounts.bytes(node.fromNodes())));
    }
    return lines;
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
  private void stopped(DemoNodes client, Demo demo, ExitCode code) {
    client.stop();
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
