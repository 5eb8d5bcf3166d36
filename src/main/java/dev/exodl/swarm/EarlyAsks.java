package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * What was asked of this node before it had the view in which it coordinates. Who asked has told
 * all then and is not waited for; were its ask forgotten, what it has leases for would be granted
 * to others. Thread-safe.
 */
final class EarlyAsks {
  /** Views reach all members within about that. */
  static final int MILLIS = 5000;

  /** Bytes of what one node asked, and of what all did. */
  static final int OF_ONE_MOST = 2 << 20;

  static final int MOST = 64 << 20;

  private record Asker(NodeId node, SwarmId swarm) {}

  private record Kept(SwarmMessage.AskLease ask, long at) {
    /** Bytes that it takes, about. */
    int weight() {
      return 1024 + 32 * ask.holding().size() + ask.wanted().size() / 8 + ask.first().size() / 8;
    }
  }

  /** The eldest first. */
  private final Map<Asker, Kept> kept = new LinkedHashMap<>();

  /** Of what is kept. */
  private final Map<NodeId, Integer> weights = new HashMap<>();

  private int weight;

  /** Of one node about one snapshot the last one counts. */
  synchronized void keep(NodeId from, SwarmMessage.AskLease ask, long now) {
    Asker asker = new Asker(from, ask.swarm());
    Kept before = kept.remove(asker);
    if (before != null) {
      weigh(from, -before.weight());
    }
    Kept last = new Kept(ask, now);
    kept.put(asker, last);
    weigh(from, last.weight());
    if (weights.getOrDefault(from, 0) > OF_ONE_MOST) {
      drop(by -> by.node().equals(from), k -> weights.getOrDefault(from, 0) > OF_ONE_MOST);
    }
    drop(by -> true, k -> weight > MOST || now - k.at() > MILLIS);
  }

  private void weigh(NodeId of, int more) {
    weight += more;
    weights.merge(of, more, (a, b) -> a + b == 0 ? null : a + b);
  }

  /** The eldest ones that these asked, as long as they are too many or too old. */
  private void drop(Predicate<Asker> whose, Predicate<Kept> goes) {
    Iterator<Map.Entry<Asker, Kept>> eldest = kept.entrySet().iterator();
    while (eldest.hasNext()) {
      Map.Entry<Asker, Kept> one = eldest.next();
      if (!whose.test(one.getKey())) {
        continue;
      }
      if (!goes.test(one.getValue())) {
        return;
      }
      eldest.remove();
      weigh(one.getKey().node(), -one.getValue().weight());
    }
  }

  /** This node coordinates: gives each once, in the order they came, unless that is long ago. */
  void give(long now, BiConsumer<NodeId, SwarmMessage.AskLease> to) {
    List<Map.Entry<Asker, Kept>> all;
    synchronized (this) {
      all = new ArrayList<>(kept.entrySet());
      kept.clear();
      weights.clear();
      weight = 0;
    }
    for (Map.Entry<Asker, Kept> one : all) {
      if (now - one.getValue().at() <= MILLIS) {
        to.accept(one.getKey().node(), one.getValue().ask());
      }
    }
  }
}
