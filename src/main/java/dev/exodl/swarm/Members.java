package dev.exodl.swarm;

import dev.exodl.cluster.ClusterView;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is in the cluster now, and what each said of itself. Thread-safe. */
class Members {
  static final NodeId NOBODY = new NodeId("0".repeat(32));

  /** So many cards of nodes that no view has shown yet are kept. */
  private static final int EARLY_MOST = 20_000;

  private final Map<NodeId, SwarmMessage.Card> cards = new HashMap<>();
  private final Map<NodeId, SwarmMessage.Card> early = new LinkedHashMap<>();
  private ClusterView view = new ClusterView(List.of(NOBODY));
  private long version;

  /** A copy for others, as long as it is true. */
  private @Nullable Map<NodeId, SwarmMessage.Card> copy;

  private int hubNodes;
  private int most;
  private boolean met;

  /** What a new view changed. */
  record Change(Set<NodeId> newcomers, Set<NodeId> gone, boolean otherCoordinator) {
    /** The same, and these are to be told all that newcomers are. */
    Change with(Set<NodeId> apart) {
      Set<NodeId> all = new HashSet<>(newcomers);
      all.addAll(apart);
      return new Change(all, gone, otherCoordinator);
    }
  }

  /** Takes a view. Of a node's first view everybody is a newcomer. */
  synchronized Change view(ClusterView now) {
    Set<NodeId> newcomers = new HashSet<>(now.members());
    view.members().forEach(newcomers::remove);
    Set<NodeId> gone = new HashSet<>(view.members());
    now.members().forEach(gone::remove);
    boolean other = now.merged() || !now.coordinator().equals(view.coordinator());
    view = now;
    met |= now.members().size() > 1;
    cards.keySet().retainAll(now.members());
    changed();
    return new Change(newcomers, gone, other);
  }

  private void changed() {
    version++;
    copy = null;
    hubNodes = (int) cards.values().stream().filter(SwarmMessage.Card::hub).count();
    most = Math.max(most, here());
  }

  /**
   * How many nodes are here, this one counted; 0 until it has a view itself. Who only looks at the
   * cluster is not counted.
   */
  synchronized int here() {
    return view.coordinator().equals(NOBODY)
        ? 0
        : 1 + (int) cards.values().stream().filter(c -> c.port() > 0).count();
  }

  /** So many were here at one moment: some may have been quick, and left again. */
  synchronized int most() {
    return most;
  }

  /** Whether another node was here at some moment, if only to look. */
  synchronized boolean met() {
    return met;
  }

  /**
   * Another one after each change, so that what follows from members and cards is found once: there
   * are thousands.
   */
  synchronized long version() {
    return version;
  }

  /** How many of the others may ask the hub. */
  synchronized int hubNodes() {
    return hubNodes;
  }

  /**
   * A node says who it is, once: after a merge perhaps before this node has the view with it, and
   * then that is kept for {@link #early}.
   */
  synchronized void card(NodeId node, SwarmMessage.Card card) {
    early.remove(node);
    if (view.members().contains(node)) {
      cards.put(node, card);
      changed();
    } else {
      early.put(node, card);
      if (early.size() > EARLY_MOST) {
        early.remove(early.keySet().iterator().next());
      }
    }
  }

  /** The cards that came before the view that shows their nodes; each is given once. */
  synchronized Map<NodeId, SwarmMessage.Card> early() {
    Map<NodeId, SwarmMessage.Card> now = new LinkedHashMap<>(early);
    now.keySet().retainAll(new HashSet<>(view.members()));
    early.keySet().removeAll(now.keySet());
    return now;
  }

  /** The number of the newest view. */
  synchronized long number() {
    return view.number();
  }

  /** It says that it leaves, though no view says so yet. */
  synchronized void leaving(NodeId node) {
    cards.remove(node);
    early.remove(node);
    changed();
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
    Map<NodeId, SwarmMessage.Card> now = copy == null ? Map.copyOf(cards) : copy;
    copy = now;
    return now;
  }

  /** A name for people. */
  String name(NodeId node) {
    return card(node).map(c -> c.name() + " (" + c.host() + ")").orElse("node " + node.brief());
  }
}
