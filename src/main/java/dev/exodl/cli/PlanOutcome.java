package dev.exodl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.exodl.cli.settings.Bytes;
import dev.exodl.cli.show.Amounts;
import dev.exodl.cli.show.Table;
import dev.exodl.download.PlanResult;
import dev.exodl.model.Printable;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.swarm.Bound;
import dev.exodl.plan.swarm.Forecast.Share;
import dev.exodl.plan.swarm.Strategy;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells what a plan is. */
record PlanOutcome(Console console, boolean json) {
  void done(PlanResult result) {
    if (json) {
      JsonOutput.print(console.out(), object(result));
    } else {
      text(result, console.out());
    }
  }

  private static void text(PlanResult result, PrintStream out) {
    out.printf(
        "%s@%s: %s, %s in %s of %s%n",
        result.repo(),
        result.commit().brief(),
        Amounts.files(result.files().size()),
        Amounts.bytes(result.bytes()),
        result.chunks() == 1 ? "1 chunk" : result.chunks() + " chunks",
        new Bytes(result.chunkSize()).written());
    out.println();
    Table files = new Table("SIZE", "CHUNKS", "FILE").right(0).right(1);
    for (RepoFile file : result.files()) {
      files.row(
          Amounts.bytes(file.size()),
          Integer.toString(result.chunks(file)),
          Printable.of(file.path().value()));
    }
    out.print(files);
    out.println();
    Table nodes = new Table("NODES", "FROM HUB", "FROM NODES").right(0).right(1).right(2);
    grouped(result.forecast().shares())
        .forEach((amounts, n) -> nodes.row(n.toString(), amounts.getFirst(), amounts.getLast()));
    out.print(nodes);
    out.println();
    int number = result.forecast().shares().size();
    out.printf(
        "strategy %s: %s from the hub%s%n",
        result.forecast().strategy().name().toLowerCase(Locale.ROOT),
        Amounts.bytes(result.forecast().fromHub()),
        number == 1 || result.forecast().strategy() == Strategy.INDEPENDENT
            ? ""
            : "; " + Amounts.bytes(result.bytes() * number) + " if each node fetched all of it");
    result.bound().ifPresent(bound -> out.println(bound(bound)));
    result.split().ifPresent(split -> out.print(SplitOutcome.text(split)));
  }

  /** How many nodes have a share that looks the same. */
  private static Map<List<String>, Integer> grouped(List<Share> shares) {
    Map<List<String>, Integer> groups = new LinkedHashMap<>();
    for (Share share : shares) {
      groups.merge(
          List.of(Amounts.bytes(share.fromHub()), Amounts.bytes(share.fromPeers())),
          1,
          Integer::sum);
    }
    return groups;
  }

  private static String bound(Bound bound) {
    String why =
        switch (bound.by()) {
          case HUB -> "the way from the hub (--wan) is the limit";
          case NODE -> "each node's link (--lan) is the limit";
          case SENDING -> "what the hub and the nodes can send together is the limit";
        };
    return "at least " + Amounts.brief(least(bound)) + ": " + why;
  }

  private static Duration least(Bound bound) {
    return Duration.ofMillis(Math.round(bound.seconds() * 1000));
  }

  private static ObjectNode object(PlanResult result) {
    ObjectNode object =
        JsonOutput.ok()
            .put("repo", result.repo().id())
            .put("repoType", result.repo().type().word())
            .put("revision", result.revision().name())
            .put("commit", result.commit().hex())
            .put("offline", result.offline())
            .put("bytes", result.bytes())
            .put("chunkSize", result.chunkSize())
            .put("chunks", result.chunks());
    ArrayNode files = object.putArray("files");
    for (RepoFile file : result.files()) {
      files
          .addObject()
          .put("path", file.path().value())
          .put("size", file.size())
          .put("blob", file.blob().hex())
          .put("chunks", result.chunks(file));
    }
    object
        .put("strategy", result.forecast().strategy().name().toLowerCase(Locale.ROOT))
        .put("bytesFromHub", result.forecast().fromHub());
    ArrayNode nodes = object.putArray("nodes");
    for (Share share : result.forecast().shares()) {
      nodes.addObject().put("fromHub", share.fromHub()).put("fromPeers", share.fromPeers());
    }
    result
        .bound()
        .ifPresentOrElse(
            bound ->
                object
                    .put("atLeastMs", least(bound).toMillis())
                    .put("limit", bound.by().name().toLowerCase(Locale.ROOT)),
            () -> object.putNull("atLeastMs").putNull("limit"));
    result.split().ifPresent(split -> object.set("split", SplitOutcome.object(split)));
    ArrayNode warnings = object.putArray("warnings");
    result.warnings().forEach(warnings::add);
    return object;
  }
}
