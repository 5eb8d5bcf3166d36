package dev.exodl.swarm;

import dev.exodl.cluster.ClusterListener;
import dev.exodl.cluster.ClusterView;
import dev.exodl.model.NodeId;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Place;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What comes from the cluster, taken to where it belongs. */
final class Letters implements ClusterListener {
  /** Snapshots whose listing is asked for at a time. */
  private static final int UNKNOWN_MOST = 64;

  /** A snapshot that others have and this disk has not is looked for again after so long. */
  static final long LOOK_AGAIN_MILLIS = Duration.ofMinutes(1).toMillis();

  /** So many such snapshots are remembered. */
  private static final int LOOKED_FOR_MOST = 1024;

  /** Where the hub did not say what a snapshot is that is only served, it is asked again then. */
  private static final long HUB_AGAIN_MILLIS = Duration.ofMinutes(10).toMillis();

  /** Of so many it is remembered when that was. */
  private static final int ASKED_MOST = 10_000;

  private final SwarmNode node;
  private final SeedSource seeds;
  private final Reports reports;
  private final EarlyAsks earlyAsks = new EarlyAsks();
  private final Statuses statuses;

  /** Guarded by itself. Messages about snapshots whose listing is being asked for. */
  private final Map<SwarmId, Early> early = new HashMap<>();

  /** Guarded by itself. When snapshots were looked for that only cards told of. */
  private final LinkedHashMap<SwarmId, Long> lookedFor = new LinkedHashMap<>();

  /** Guarded by {@link #early}. */
  private final SpokenOf spokenOf = new SpokenOf();

  /**
   * Guarded by itself. When the hub was asked what a snapshot is, for those it was asked of last.
   */
  private final Map<SwarmId, Long> askedHub =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SwarmId, Long> eldest) {
          return size() > ASKED_MOST;
        }
      };

  Letters(SwarmNode node, SeedSource seeds) {
    this.node = node;
    this.seeds = seeds;
    this.reports = new Reports(node);
    this.statuses = new Statuses(node);
  }

  @Override
  public void view(ClusterView view) {
    node.awaitJoined();
    // Before anybody may take this node for the coordinator.
    node.reign().view(view, node.self(), node.now());
    Members.Change change = node.members().view(view).with(view.apartFrom(node.self()));
    node.detail(
        "cluster of "
            + view.members().size()
            + ", coordinator "
            + node.members().name(view.coordinator())
            + (node.coordinates() ? " (this node)" : ""));
    change.gone().forEach(node.peering()::forget);
    node.shunned().retain(view.members());
    node.swarms().forEach(s -> s.view(change, view.members(), node.coordinates()));
    List<NodeId> to = change.newcomers().stream().filter(n -> !n.equals(node.self())).toList();
    if (!to.isEmpty()) {
      // Looked at when it goes: else one that was told meanwhile would come before it.
      node.put(() -> node.deliver(to, node.own().card()));
    }
    if (change.otherCoordinator() && isInTurn(view, change)) {
      Thread.ofVirtual().start(() -> introduceLater(view.coordinator()));
    } else if (change.otherCoordinator()) {
      introduce(view.coordinator());
    }
    node.members().early().forEach(this::received);
    if (node.coordinates()) {
      earlyAsks.give(node.now(), this::received);
    }
  }

  /**
   * Whether the members of a large cluster tell their new coordinator one after the other. Who just
   * joined holds the others up.
   */
  private boolean isInTurn(ClusterView view, Members.Change change) {
    boolean joins = change.newcomers().contains(node.self()) && !view.merged();
    return TellPolicy.isLarge(view.members().size()) && !joins && !node.coordinates();
  }

  private void introduceLater(NodeId coordinator) {
    int most = node.policy().gatherMillis() / 2;
    LockSupport.parkNanos(1_000_000L * ThreadLocalRandom.current().nextInt(most));
    if (node.members().coordinator().equals(coordinator)) {
      introduce(coordinator);
    }
  }

  /** Tells it all, and then that this was all. */
  private void introduce(NodeId coordinator) {
    long number = node.members().number();
    node.swarms().forEach(s -> s.introduce(coordinator));
    node.deals().introduce(coordinator);
    if (!coordinator.equals(node.self())) {
      node.send(coordinator, new SwarmMessage.AllTold(number));
    }
  }

  @Override
  public void received(NodeId from, SwarmMessage message) {
    switch (message) {
      case SwarmMessage.Card m -> {
        // A name would be looked up by everybody at whatever name service somebody likes.
        if (Place.isAddress(m.host())) {
          boolean known = node.members().card(from).isPresent();
          node.members().card(from, m);
          if (!known && node.members().card(from).isPresent()) {
            tellShuns(from);
          }
          node.peering().card(from, m);
          node.swarms().forEach(s -> s.card(from));
          heardOf(m.swarms(), from);
        } else {
          node.detail("ignored the card of " + from.brief() + ": its address is none");
        }
      }
      case SwarmMessage.AskListing m -> node.listings().asked(from, m);
      case SwarmMessage.Listed m -> node.listings().told(from, m);
      case SwarmMessage.NotListed m -> node.listings().told(from, m);
      case SwarmMessage.Have m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (swarm != null) {
          afterEarlier(swarm, s -> s.told(from, m));
        } else if (node.coordinates() || !seeds.equals(SeedSource.NONE)) {
          later(m.swarm(), from, s -> s.told(from, m));
        }
      }
      case SwarmMessage.AskLease m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (!node.coordinates()) {
          // Perhaps it will be, in a view that the other one has already.
          if (node.members().all().contains(from)) {
            earlyAsks.keep(from, m, node.now());
          }
        } else if (swarm != null) {
          afterEarlier(swarm, s -> s.asked(from, m));
        } else {
          later(m.swarm(), from, s -> s.asked(from, m));
        }
      }
      case SwarmMessage.Lease m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (swarm != null && from.equals(node.members().coordinator())) {
          node.reign().told(m.fromTheEnd());
          swarm.leased(from, m);
        }
      }
      case SwarmMessage.Revoke m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (swarm != null && from.equals(node.members().coordinator())) {
          swarm.revoked(m.runs(), m.asks());
        }
      }
      case SwarmMessage.AskHolders m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (swarm != null && node.coordinates()) {
          swarm.seeking.asked(from, m);
        }
      }
      case SwarmMessage.Meet m -> {
        Swarm swarm = node.swarm(m.swarm());
        if (swarm != null && from.equals(node.members().coordinator())) {
          swarm.meet(m.nodes());
        }
      }
      case SwarmMessage.AllTold m -> {
        node.reign().toldAll(from, m.view());
        node.swarms().forEach(Swarm::answerDue);
      }
      case SwarmMessage.AskShare m -> node.deals().asked(from, m);
      case SwarmMessage.Dealt m -> node.deals().told(from, m);
      case SwarmMessage.Shun m -> reports.heard(m.node(), from, m.why());
      case SwarmMessage.Throttled m -> {
        node.hub().toldCalm(m.millis(), node.now());
        node.detail("the hub asked " + node.members().name(from) + " to slow down: all wait");
      }
      case SwarmMessage.Leaving m -> {
        node.members().leaving(from);
        node.peering().forget(from);
        node.swarms().forEach(s -> s.leaving(from));
      }
      case SwarmMessage.AskStatus m -> node.send(from, node.ownStatus());
      case SwarmMessage.Status m -> statuses.told(from, m);
    }
  }

  /** Who came later, or was cut off, has not heard whom this node saw lying. */
  private void tellShuns(NodeId to) {
    node.shunned().seen().entrySet().stream()
        .filter(e -> node.members().all().contains(e.getKey()))
        .forEach(e -> node.send(to, new SwarmMessage.Shun(e.getKey(), e.getValue())));
  }

  @Override
  public void warning(String text) {
    node.warn(text);
  }

  @Override
  public void detail(String text) {
    node.detail(text);
  }

  /**
   * A node takes part in these. Where not all tell all what they hold, who serves hears of a
   * snapshot only so.
   */
  private void heardOf(Collection<SwarmId> ids, NodeId from) {
    if (seeds.equals(SeedSource.NONE) || !TellPolicy.isLarge(node.members().all().size())) {
      return;
    }
    long now = node.now();
    for (SwarmId id : ids) {
      synchronized (lookedFor) {
        Long before = lookedFor.get(id);
        if (node.swarm(id) != null || (before != null && now - before < LOOK_AGAIN_MILLIS)) {
          continue;
        }
        lookedFor.putLast(id, now);
        if (lookedFor.size() > LOOKED_FOR_MOST) {
          lookedFor.pollFirstEntry();
        }
      }
      later(id, from, swarm -> {});
    }
  }

  /** What was not here to serve when others began with it perhaps is now. */
  void lookAgain() {
    node.members().cards().forEach((from, card) -> heardOf(card.swarms(), from));
  }

  /** A snapshot that this node does not know: its listing is asked of who spoke of it. */
  void later(SwarmId id, NodeId from, Consumer<Swarm> message) {
    Swarm entered;
    synchronized (early) {
      Early kept = early.get(id);
      entered = node.swarm(id);
      if (kept == null && entered == null) {
        if (!mayBegin(id, from)) {
          return;
        }
        Early begun = new Early();
        begun.said(from, message);
        begun.next();
        early.put(id, begun);
      } else if (kept != null) {
        kept.said(from, message);
        return;
      }
    }
    if (entered != null) {
      // It was entered just now, and nobody would come for what is kept.
      message.accept(entered);
    } else {
      Thread.ofVirtual().name("listing of " + id).start(() -> obtain(id, from));
    }
  }

  private boolean mayBegin(SwarmId id, NodeId from) {
    spokenOf.retain(known -> node.swarm(known) != null || early.containsKey(known));
    boolean may = early.size() < UNKNOWN_MOST && spokenOf.begins(id, from);
    if (!may && spokenOf.hasAllOf(from)) {
      node.detail(node.members().name(from) + " speaks of too many snapshots: ignored " + id);
    }
    return may;
  }

  private void obtain(SwarmId id, NodeId first) {
    NodeId from = first;
    while (from != null) {
      boolean entered = false;
      try {
        entered = node.coordinates() ? manage(id, from) : seed(id);
      } catch (RuntimeException e) {
        node.detail("cannot take part in " + id + ": " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        from = entered ? null : giveUp(id);
      }
    }
  }

  /**
   * It is not known what was said before was about, unless this node entered it meanwhile.
   *
   * @return who is asked in place of the one that could not say it
   */
  private @Nullable NodeId giveUp(SwarmId id) {
    Swarm swarm;
    synchronized (early) {
      swarm = node.swarm(id);
      Early kept = early.get(id);
      if (swarm == null) {
        NodeId next = kept != null && node.coordinates() ? kept.next() : null;
        if (next == null) {
          early.remove(id);
        }
        return next;
      }
    }
    node.put(() -> entered(swarm));
    return null;
  }

  /** Who coordinates leases also what it does not know itself. */
  private boolean manage(SwarmId id, NodeId from) throws InterruptedException {
    if (seed(id)) {
      return true;
    }
    SwarmMessage.Listed listed =
        node.listings().askOne(from, id.repo(), new Revision(id.commit().hex()));
    if (listed == null) {
      node.detail(node.members().name(from) + " did not list " + id);
      return false;
    }
    synchronized (early) {
      if (!spokenOf.fits(id, from, listed)) {
        node.detail(id + " is too large to take part in, as others want it and not this node");
        return false;
      }
    }
    node.enter(listed, Map.of());
    return true;
  }

  /**
   * Gives what this node's disk holds: by its own listing, since another one's could name what is
   * not to be given away; and only what anybody may read, where there is no key.
   */
  private boolean seed(SwarmId id) {
    if (seeds.equals(SeedSource.NONE)) {
      return false;
    }
    SwarmMessage.Listed own =
        node.listings()
            .ownOf(id.repo(), new Revision(id.commit().hex()), () -> mayAskHub(id))
            .orElse(null);
    if (own == null
        || !own.commit().equals(id.commit())
        || !(own.open() || node.settings().cluster().key() != null)) {
      return false;
    }
    node.enter(own, seeds.held(id, own.files()));
    return true;
  }

  /** Seldom, and only when there can be something to give. */
  private boolean mayAskHub(SwarmId id) {
    if (!seeds.has(id.repo())) {
      return false;
    }
    long now = node.now();
    synchronized (askedHub) {
      Long before = askedHub.get(id);
      boolean may = before == null || now - before > HUB_AGAIN_MILLIS;
      if (may) {
        askedHub.put(id, now);
      }
      return may;
    }
  }

  /** Looks whether more of a snapshot that is only served has come to this disk. */
  void restockIfOld(Swarm swarm, long now) {
    if (!seeds.equals(SeedSource.NONE) && swarm.isStockOld(now)) {
      Thread.ofVirtual().name("stock of " + swarm.id()).start(() -> seed(swarm.id()));
    }
  }

  /** What was said before the snapshot was known is heard first, or news would be forgotten. */
  private void afterEarlier(Swarm swarm, Consumer<Swarm> message) {
    synchronized (early) {
      Early kept = early.get(swarm.id());
      if (kept != null) {
        kept.then(message);
        return;
      }
    }
    message.accept(swarm);
  }

  /** The snapshot is known now: what was said of it before is heard. */
  void entered(Swarm swarm) {
    while (true) {
      List<Consumer<Swarm>> said;
      synchronized (early) {
        Early kept = early.get(swarm.id());
        said = kept == null ? List.of() : kept.take();
        if (said.isEmpty()) {
          early.remove(swarm.id());
          return;
        }
      }
      said.forEach(message -> message.accept(swarm));
    }
  }

  ClusterStatus status(Duration patience) throws InterruptedException {
    return statuses.ask(patience);
  }
}
