package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How the others are, as they answer when they are asked; what comes unasked is not kept. */
final class Statuses {
  private final SwarmNode node;
  private volatile @Nullable Map<NodeId, SwarmMessage.Status> answers;

  Statuses(SwarmNode node) {
    this.node = node;
  }

  void told(NodeId from, SwarmMessage.Status status) {
    Map<NodeId, SwarmMessage.Status> waiting = answers;
    if (waiting != null && node.members().all().contains(from)) {
      waiting.put(from, status);
    }
  }

  /** Asks all, and waits for their answers; one call at a time. */
  ClusterStatus ask(Duration patience) throws InterruptedException {
    Map<NodeId, SwarmMessage.Status> told = new ConcurrentHashMap<>();
    answers = told;
    try {
      List<NodeId> others = node.otherMembers();
      node.send(others, new SwarmMessage.AskStatus());
      long end = System.nanoTime() + patience.toNanos();
      while (told.size() < others.size() && System.nanoTime() - end < 0) {
        Thread.sleep(10);
      }
      List<ClusterStatus.Node> nodes = new ArrayList<>();
      for (NodeId member : others) {
        SwarmMessage.Status status = told.get(member);
        if (status != null) {
          nodes.add(new ClusterStatus.Node(member, status));
        }
      }
      return new ClusterStatus(
          node.settings().cluster().name(),
          node.members().coordinator(),
          nodes,
          others.size() - nodes.size());
    } finally {
      answers = null;
    }
  }
}
