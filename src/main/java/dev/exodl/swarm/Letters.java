package dev.exodl.swarm;

import dev.exodl.cluster.ClusterListener;
import dev.exodl.cluster.ClusterView;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What comes from the cluster, taken to where it belongs. */
final class Letters implements ClusterListener {
  /** So many messages about a snapshot that this node does not know yet are kept. */
  private static final int KEPT_MOST = 10_000;

  private final SwarmNode node;
  private final SeedSource seeds;
  private final ConcurrentHashMap<NodeId, SwarmMessage.Status> statuses = new ConcurrentHashMap<>();

  /** Guarded by itself. Messages about snapshots whose listing is being asked for. */
  private final Map<SwarmId, List<Runnable>> early = new HashMap<>();

  Letters(SwarmNode node, SeedSource seeds) {
    this.node = node;
    this.seeds = seeds;
  }

  @Override
  public void view(ClusterView view) {
    node.awaitJoined();
    Members.Change change = node.members().view(view);
    node.detail(
        "cluster of "
            + view.members().size()
            + ", coordinator "
            + node.members().name(view.coordinator())
            + (node.coordinates() ? " (this node)" : ""));
    change.gone().forEach(node::forget);
    node.swarms().forEach(s -> s.view(change, view.members(), node.coordinates()));
    // What is told to whom does not know it comes before the card, which says that all is told.
    Set<NodeId> to = new LinkedHashSet<>(change.newcomers());
    if (change.otherCoordinator()) {
      node.swarms().forEach(Swarm::tellLeases);
      to.add(view.coordinator());
    }
    to.remove(node.self());
    if (!to.isEmpty()) {
      node.send(to, node.card());
    }
  }

  @Override
  public void received(NodeId from, SwarmMessage message) {
    switch (message) {
      case SwarmMessage.Card m -> {
        node.members().card(from, m);
        node.swarms().forEach(s -> s.card(from));
      }
      case SwarmMessage.AskListing m -> node.listings().asked(from, m);
      case SwarmMessage.Listed m -> node.listings().told(m);
      case SwarmMessage.NotListed m -> node.listings().told(m);
      case SwarmMessage.Have m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (swarm != null) {
          swarm.told(from, m);
        } else if (node.coordinates() || !seeds.equals(SeedSource.NONE)) {
          later(m.swarm(), from, () -> received(from, m));
        }
      }
      case SwarmMessage.AskLease m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (!node.coordinates()) {
          node.detail(node.members().name(from) + " asked for a lease, but this is no coordinator");
        } else if (swarm != null) {
          swarm.asked(from, m);
        } else {
          later(m.swarm(), from, () -> received(from, m));
        }
      }
      case SwarmMessage.Lease m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (swarm != null && from.equals(node.members().coordinator())) {
          swarm.leased(m);
        }
      }
      case SwarmMessage.Revoke m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (swarm != null && from.equals(node.members().coordinator())) {
          swarm.revoked(m.runs());
        }
      }
      case SwarmMessage.Shun m -> node.reported(m.node(), from, m.why());
      case SwarmMessage.Throttled m -> {
        node.hub().calm(m.millis(), node.now());
        node.detail("the hub asked " + node.members().name(from) + " to slow down: all wait");
      }
      case SwarmMessage.Leaving m -> {
        node.members().leaving(from);
        node.forget(from);
        node.swarms().forEach(s -> s.leaving(from));
      }
      case SwarmMessage.AskStatus m -> node.send(from, node.ownStatus());
      case SwarmMessage.Status m -> statuses.put(from, m);
    }
  }

  @Override
  public void detail(String text) {
    node.detail(text);
  }

  /** A snapshot that this node does not know: its listing is asked of who spoke of it. */
  private void later(SwarmId id, NodeId from, Runnable message) {
    synchronized (early) {
      List<Runnable> kept = early.get(id);
      if (kept != null) {
        if (kept.size() < KEPT_MOST) {
          kept.add(message);
        }
        return;
      }
      early.put(id, new ArrayList<>(List.of(message)));
    }
    Thread.ofVirtual().name("listing of " + id).start(() -> obtain(id, from));
  }

  private void obtain(SwarmId id, NodeId from) {
    try {
      SwarmMessage.Listed listed =
          node.listings().askOne(from, id.repo(), new Revision(id.commit().hex()));
      if (listed != null && listed.commit().equals(id.commit())) {
        node.enter(listed, seeds.held(id, listed.files()));
        return;
      }
      node.detail(node.members().name(from) + " did not list " + id);
    } catch (FailureException e) {
      node.detail("cannot take part in " + id + ": " + e.failure().what());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (early) {
      early.remove(id);
    }
  }

  /** The snapshot is known now: what was said of it before is heard. */
  void entered(Swarm swarm) {
    List<Runnable> kept;
    synchronized (early) {
      kept = early.remove(swarm.id());
    }
    if (kept != null) {
      kept.forEach(Runnable::run);
    }
  }

  ClusterStatus status(Duration patience) throws InterruptedException {
    statuses.clear();
    List<NodeId> others =
        node.members().all().stream().filter(n -> !n.equals(node.self())).toList();
    node.send(others, new SwarmMessage.AskStatus());
    long end = System.nanoTime() + patience.toNanos();
    while (statuses.size() < others.size() && System.nanoTime() - end < 0) {
      Thread.sleep(10);
    }
    List<ClusterStatus.Node> told = new ArrayList<>();
    for (NodeId member : others) {
      SwarmMessage.Status status = statuses.get(member);
      if (status != null) {
        told.add(new ClusterStatus.Node(member, status));
      }
    }
    return new ClusterStatus(node.settings().cluster().name(), node.members().coordinator(), told);
  }
}
