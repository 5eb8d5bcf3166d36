package dev.exodl.swarm;

import dev.exodl.cluster.ClusterView;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who is in the cluster now, and what each said of itself. Thread-safe. */
final class Members {
  static final NodeId NOBODY = new NodeId("0".repeat(32));

  private final Map<NodeId, SwarmMessage.Card> cards = new HashMap<>();
  private ClusterView view = new ClusterView(List.of(NOBODY));

  /** What a new view changed. */
  record Change(Set<NodeId> newcomers, Set<NodeId> gone, boolean otherCoordinator) {}

  /**
   * Takes a view. Of a node's first view everybody is a newcomer, and after a merge too: who was
   * here before may have been told by others that this node was gone.
   */
  synchronized Change view(ClusterView now) {
    Set<NodeId> newcomers = new HashSet<>(now.members());
    if (!now.merged()) {
      view.members().forEach(newcomers::remove);
    }
    Set<NodeId> gone = new HashSet<>(view.members());
    now.members().forEach(gone::remove);
    boolean other = now.merged() || !now.coordinator().equals(view.coordinator());
    view = now;
    cards.keySet().retainAll(now.members());
    return new Change(newcomers, gone, other);
  }

  synchronized void card(NodeId node, SwarmMessage.Card card) {
    if (view.members().contains(node)) {
      cards.put(node, card);
    }
  }

  /** It says that it leaves, though no view says so yet. */
  synchronized void leaving(NodeId node) {
    cards.remove(node);
  }

  synchronized List<NodeId> all() {
    return view.members();
  }

  synchronized NodeId coordinator() {
    return view.coordinator();
  }

  synchronized Optional<SwarmMessage.Card> card(NodeId node) {
    return Optional.ofNullable(cards.get(node));
  }

  synchronized Map<NodeId, SwarmMessage.Card> cards() {
    return Map.copyOf(cards);
  }

  /** A name for people. */
  String name(NodeId node) {
    return card(node).map(c -> c.name() + " (" + c.host() + ")").orElse("node " + node.brief());
  }
}
