package dev.exodl.cli.show;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage.Part;
import dev.exodl.swarm.ClusterStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What flows into and out of each node's part in a swarm, between the last two looks at it. */
final class Flows {
  /**
   * Bytes a second.
   *
   * @param in from the hub and from peers
   * @param out to peers
   */
  record Flow(double in, double out) {}

  private record Key(NodeId node, SwarmId swarm) {}

  private Map<Key, Part> last = Map.of();
  private Map<Key, Flow> flows = Map.of();
  private long lastNanos;

  void look(ClusterStatus status, long nanos) {
    Map<Key, Part> now = new HashMap<>();
    Map<Key, Flow> found = new HashMap<>();
    double seconds = (nanos - lastNanos) / 1e9;
    for (ClusterStatus.Node node : status.nodes()) {
      for (Part part : node.status().parts()) {
        Key key = new Key(node.id(), part.swarm());
        now.put(key, part);
        Part before = last.get(key);
        if (before != null && seconds > 0) {
          found.put(key, between(before, part, seconds));
        }
      }
    }
    last = now;
    flows = found;
    lastNanos = nanos;
  }

  private static Flow between(Part before, Part now, double seconds) {
    long in = now.fromHub() + now.fromPeers() - before.fromHub() - before.fromPeers();
    long out = now.served() - before.served();
    return new Flow(Math.max(0, in) / seconds, Math.max(0, out) / seconds);
  }

  /** Empty at the first look. */
  Optional<Flow> of(NodeId node, SwarmId swarm) {
    return Optional.ofNullable(flows.get(new Key(node, swarm)));
  }
}
