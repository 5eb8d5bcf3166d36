package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What this node holds and wants of a swarm, and who of the others was told. In a large cluster its
 * neighbours are told, and the coordinator: that one as often as they are while this node has a
 * lease, and else so that it hears some hundred messages a second from all nodes together. The
 * swarm's lock guards it.
 */
final class Telling {
  /**
   * Between two tellings when all others have all they want: it only shows how far this node is.
   */
  private static final int UNAWAITED_MILLIS = 1000;

  final OwnChunks own;
  final BitSet wanted = new BitSet();

  private final SwarmId id;
  private final HaveMaps maps;
  private final Crowd crowd;
  private final Set<NodeId> toldAll = new HashSet<>();
  private final BitSet hidden = new BitSet();
  private boolean done;
  private boolean leases;
  private long toldAt = Long.MIN_VALUE / 2;
  private long coordinatorToldAt = Long.MIN_VALUE / 2;

  Telling(SwarmId id, SwarmBlobs blobs, HaveMaps maps, Crowd crowd) {
    this.id = id;
    this.maps = maps;
    this.crowd = crowd;
    this.own = new OwnChunks(blobs);
  }

  /** This node has all it wants, verified. */
  void done() {
    done = true;
    fresh();
    if (!audience().contains(coordinator())) {
      tell(own.coordinatorNews.take(), List.of(coordinator()));
    }
  }

  boolean isDone() {
    return done;
  }

  /** Whether this node has chunks to fetch from the hub: then the coordinator hears more often. */
  void leases(boolean some) {
    leases = some;
  }

  /**
   * Others are to be told than before: who is new among them hears all, and so will who is no more
   * if it ever is again, since what comes meanwhile is not told to it.
   */
  void audienceChanged() {
    Set<NodeId> now = new HashSet<>(audience());
    toldAll.removeIf(n -> !now.contains(n) && !n.equals(coordinator()));
    allTo(now);
  }

  /** Whether this node and that one tell each other what comes to them. */
  boolean isTo(NodeId node) {
    return audience().contains(node);
  }

  /** It may not have understood what it was told: it did not know the snapshot yet. */
  void again(NodeId to) {
    toldAll.remove(to);
    allTo(List.of(to));
  }

  /** What was told is not true any more. */
  void allAgain() {
    toldAll.clear();
    all();
  }

  /** Tells all there is to who was not told yet. */
  void all() {
    maps.told(crowd.self(), have(true, own.all()));
    Set<NodeId> all = new HashSet<>(audience());
    all.add(coordinator());
    allTo(all);
  }

  /** These do not know any more what they were told. */
  void forget(Collection<NodeId> nodes) {
    toldAll.removeAll(nodes);
  }

  /** Another node coordinates: if it is no neighbour it knows nothing of this one. */
  void otherCoordinator() {
    if (!audience().contains(coordinator())) {
      toldAll.remove(coordinator());
    }
  }

  private void allTo(Collection<NodeId> nodes) {
    List<NodeId> untold =
        nodes.stream().filter(n -> !n.equals(crowd.self()) && toldAll.add(n)).toList();
    if (untold.contains(coordinator())) {
      own.coordinatorNews.clear();
      coordinatorToldAt = crowd.now();
    }
    if (!untold.isEmpty()) {
      crowd.send(untold, have(true, own.all()));
    }
  }

  /** Tells what is new, unless something was told a short time ago. */
  void freshIfDue(long now) {
    TellPolicy policy = TellPolicy.of(crowd.members().all().size());
    if (own.news.count() > 0 && isDue(now - toldAt, policy)) {
      toldAt = now;
      fresh();
      if (leases) {
        coordinatorFresh(now);
      }
    }
    if (now - coordinatorToldAt >= policy.coordinatorMillis()) {
      coordinatorFresh(now);
    }
  }

  /** Who waits is looked for last: it takes a look at all members. */
  private boolean isDue(long since, TellPolicy policy) {
    return since >= policy.neighbourMillis() && (since >= UNAWAITED_MILLIS || isAwaited());
  }

  /** Whether somebody may want what comes here. */
  private boolean isAwaited() {
    return audience().stream().anyMatch(n -> !n.equals(crowd.self()) && !maps.done(n));
  }

  /** The coordinator is asked for more: what is new to it comes first. */
  void beforeClaim() {
    if (own.news.count() > 0 && audience().contains(coordinator())) {
      fresh();
    }
    coordinatorFresh(crowd.now());
  }

  private void fresh() {
    Collection<NodeId> audience = audience();
    boolean near = audience.contains(coordinator());
    if (near && coordinatorLags()) {
      tell(own.coordinatorNews.take(), List.of(coordinator()));
    }
    tell(own.news.take(), audience);
    if (near) {
      own.coordinatorNews.clear();
    }
  }

  /** Tells the coordinator what is new to it, if it does not hear it with the others. */
  private void coordinatorFresh(long now) {
    if (own.coordinatorNews.count() > 0) {
      coordinatorToldAt = now;
      if (coordinatorLags() || !audience().contains(coordinator())) {
        tell(own.coordinatorNews.take(), List.of(coordinator()));
      }
    }
  }

  /** Whether it was not told some of what the others were told, as it was no neighbour then. */
  private boolean coordinatorLags() {
    return own.coordinatorNews.count() > own.news.count();
  }

  private void tell(List<SwarmMessage.HeldChunks> held, Collection<NodeId> to) {
    SwarmMessage.Have news = have(false, held);
    maps.told(crowd.self(), news);
    List<NodeId> others = to.stream().filter(n -> !n.equals(crowd.self())).toList();
    crowd.send(others.stream().filter(toldAll::contains).toList(), news);
    allTo(others);
  }

  /** Of this blob others are told nothing, whatever is held of it. */
  void hide(int blob) {
    hidden.set(blob);
  }

  boolean isHidden(int blob) {
    return hidden.get(blob);
  }

  BitSet hidden() {
    return hidden;
  }

  /** Others are told of all blobs again. */
  void hideNone() {
    hidden.clear();
    allAgain();
  }

  private SwarmMessage.Have have(boolean all, List<SwarmMessage.HeldChunks> held) {
    List<SwarmMessage.HeldChunks> given =
        hidden.isEmpty() ? held : held.stream().filter(h -> !hidden.get(h.blob())).toList();
    // A node that only holds and wants nothing keeps nobody waiting.
    return new SwarmMessage.Have(id, all, given, done || wanted.isEmpty());
  }

  private NodeId coordinator() {
    return crowd.members().coordinator();
  }

  /** Who is told as things come: everybody in a small cluster, in a large one the neighbours. */
  private Collection<NodeId> audience() {
    List<NodeId> all = crowd.members().all();
    return TellPolicy.isLarge(all.size()) ? crowd.listeners() : all;
  }
}
