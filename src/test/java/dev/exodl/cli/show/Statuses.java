package dev.exodl.cli.show;

import dev.exodl.model.Commit;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage.Card;
import dev.exodl.plan.swarm.SwarmMessage.Part;
import dev.exodl.plan.swarm.SwarmMessage.Status;
import dev.exodl.swarm.ClusterStatus;
import java.util.List;

/** A cluster as it could be: three nodes, one of them in two swarms, one idle. */
public final class Statuses {
  private static final SwarmId MODEL =
      new SwarmId(
          new Repo(RepoType.MODEL, "Qwen/Qwen3-235B-A22B-Instruct-2507"),
          new Commit("0123456789abcdef0123456789abcdef01234567"));
  private static final SwarmId DATA =
      new SwarmId(
          new Repo(RepoType.DATASET, "org/data"),
          new Commit("89abcdef0123456789abcdef0123456789abcdef"));

  private Statuses() {}

  public static NodeId id(String digits) {
    return new NodeId("0".repeat(32 - digits.length()) + digits);
  }

  /** What it is after the first node has got and given {@code more} bytes. */
  public static ClusterStatus three(long more) {
    return new ClusterStatus(
        "lab",
        id("3f9a21"),
        List.of(
            node(
                "3f9a21",
                new Card("gpu-1 4242", "10.0.0.1", 7841, "b1", "rack-1", true, true),
                part(
                    MODEL,
                    470_000_000_000L,
                    200_000_000_000L + more,
                    50_000_000_000L + more,
                    100_000_000_000L,
                    120_000_000_000L + 2 * more,
                    more,
                    "fetching"),
                part(DATA, 1_200, 1_200, 0, 0, 2_400, 0, "done")),
            node(
                "a0b1c2",
                new Card("gpu-2 17", "fe80::2", 7840, "b2", "", false, false),
                part(MODEL, 470_000_000_000L, 0, 0, 0, 0, 0, "waiting\u001b[31m")),
            node("ffffff", new Card("gpu-3 9", "10.0.0.3", 0, "b3", "", true, false))),
        0);
  }

  /** Nobody but who asks. */
  public static ClusterStatus none() {
    return new ClusterStatus("lab", id("77"), List.of(), 0);
  }

  /** So many that do not answer. */
  public static ClusterStatus silent(int nodes) {
    return new ClusterStatus("lab", id("77"), List.of(), nodes);
  }

  private static ClusterStatus.Node node(String id, Card card, Part... parts) {
    return new ClusterStatus.Node(id(id), new Status(card, "0.1.0", List.of(parts)));
  }

  private static Part part(
      SwarmId swarm,
      long bytes,
      long held,
      long fromHub,
      long fromPeers,
      long served,
      long rate,
      String state) {
    long local = held - fromHub - fromPeers;
    return new Part(swarm, bytes, held, local, fromHub, fromPeers, served, rate, 2 * rate, state);
  }
}
