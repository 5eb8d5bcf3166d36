package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What was asked of this node before it had the view in which it coordinates. Who asked has told
 * all then and is not waited for; were its ask forgotten, what it has leases for would be granted
 * to others. Thread-safe.
 */
final class EarlyAsks {
  /** Views reach all members within about that. */
  static final int MILLIS = 5000;

  private static final int MOST = 4096;

  private record Asker(NodeId node, SwarmId swarm) {}

  private record Kept(SwarmMessage.AskLease ask, long at) {}

  private final Map<Asker, Kept> kept = new LinkedHashMap<>();

  /** Of one node about one snapshot the last one counts. */
  synchronized void keep(NodeId from, SwarmMessage.AskLease ask, long now) {
    Asker asker = new Asker(from, ask.swarm());
    kept.remove(asker);
    kept.put(asker, new Kept(ask, now));
    if (kept.size() > MOST) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  /** This node coordinates: gives each once, in the order they came, unless that is long ago. */
  void give(long now, BiConsumer<NodeId, SwarmMessage.AskLease> to) {
    List<Map.Entry<Asker, Kept>> all;
    synchronized (this) {
      all = new ArrayList<>(kept.entrySet());
      kept.clear();
    }
    for (Map.Entry<Asker, Kept> one : all) {
      if (now - one.getValue().at() <= MILLIS) {
        to.accept(one.getKey().node(), one.getValue().ask());
      }
    }
  }
}
