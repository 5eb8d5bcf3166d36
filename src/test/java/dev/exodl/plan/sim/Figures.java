package dev.exodl.plan.sim;

import java.util.List;
import java.util.Locale;

/** What a simulation counts. */
final class Figures {
  /** What JGroups and TCP add to a message, about. */
  private static final int HEADER = 100;

  private final Setting setting;
  long chunks;
  long hubChunks;
  long hubTwice;
  long seedChunks;
  long farChunks;
  long hostChunks;
  long messages;
  long messageBytes;
  long asks;
  long refused;
  long taken;
  long stopped;
  long coordinatorMessages;
  long coordinatorBytes;
  long planNanos;
  long toldNanos;
  long leaseNanos;
  long coordinatorNanos;
  double seconds;

  /** When the last node had what it needs first, and how many of these chunks it fetched itself. */
  double secondsUntilReady;

  long ownChunks;
  double[] secondsOfLink;
  int places;
  final int nodes;

  Figures(Setting setting) {
    this.setting = setting;
    this.nodes = setting.nodes();
    this.secondsOfLink = new double[setting.links().length];
  }

  /** Something came to a node; whether it has all now. */
  boolean came(SimNode node, double now) {
    if (!node.ready && node.isReady()) {
      node.ready = true;
      secondsUntilReady = now;
    }
    if (node.whole()) {
      secondsOfLink[node.number % secondsOfLink.length] = now;
    }
    return node.whole();
  }

  /** How long the nodes planned. */
  void planned(List<SimNode> all) {
    planNanos = all.stream().mapToLong(n -> n.planNanos).sum();
    toldNanos = all.stream().mapToLong(n -> n.toldNanos).sum();
  }

  void message(int to, long bytes) {
    messages += to;
    messageBytes += to * (bytes + HEADER);
  }

  void toCoordinator(long bytes) {
    message(1, bytes);
    coordinatorMessages++;
    coordinatorBytes += bytes + HEADER;
  }

  double ratio() {
    return seconds / setting.bound();
  }

  /** Of the time in which the hub's line brings all shares. */
  double ratioUntilReady() {
    return secondsUntilReady / setting.boundOfShares();
  }

  String text() {
    StringBuilder text = new StringBuilder();
    line(text, "%s: %d nodes, %d chunks", setting.name(), setting.nodes(), places);
    line(text, "  time %.1f s, bound %.1f s, ratio %.3f", seconds, setting.bound(), ratio());
    for (int i = 0; secondsOfLink.length > 1 && i < secondsOfLink.length; i++) {
      double link = setting.links()[i];
      line(
          text,
          "  nodes with %.0f Gbit/s: %.1f s, bound %.1f s",
          link / Setting.GBIT,
          secondsOfLink[i],
          setting.bound(link));
    }
    line(
        text,
        "  from the hub %d chunks, %.4f x the model; fetched twice %d; leases taken over %d;"
            + " slow pulls stopped %d",
        hubChunks,
        (double) hubChunks / places,
        hubTwice,
        taken,
        stopped);
    if (setting.shares()) {
      line(
          text,
          "  ready %.1f s, ratio %.3f; of the chunks that came from the hub %.3f were the node's own",
          secondsUntilReady,
          ratioUntilReady(),
          (double) ownChunks / hubChunks);
    }
    if (setting.seeded()) {
      line(text, "  from who had the model %.3f times a chunk", (double) seedChunks / places);
    }
    if (setting.zones() > 1 || setting.perHost() > 1) {
      line(
          text,
          "  between zones %.2f times a chunk; within a host %.1f %% of all",
          (double) farChunks / places,
          100.0 * hostChunks / chunks);
    }
    line(
        text,
        "  a node: %.1f messages/s sent, %.1f KB/s; in all %.0f messages, %.2f MB",
        messages / (double) nodes / seconds,
        messageBytes / 1e3 / nodes / seconds,
        messages / (double) nodes,
        messageBytes / 1e6 / nodes);
    line(
        text,
        "  the coordinator: %.2f lease asks a chunk (%.2f refused), %.1f messages/s, %.1f KB/s,"
            + " %.1f us an ask, %.3f %% of a core",
        (double) asks / places,
        (double) refused / places,
        coordinatorMessages / seconds,
        coordinatorBytes / 1e3 / seconds,
        leaseNanos / 1e3 / Math.max(1, asks),
        100 * (leaseNanos + coordinatorNanos) / 1e9 / seconds);
    line(
        text,
        "  planning: %d ns a chunk to choose, %d ns a chunk to hear of it",
        planNanos / Math.max(1, chunks),
        toldNanos / Math.max(1, chunks));
    return text.toString();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
