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
 * What this node holds and wants of a swarm, and who of the others was told. The swarm's lock
 * guards it.
 */
final class Telling {
  final OwnChunks own;
  final BitSet wanted = new BitSet();

  private final SwarmId id;
  private final HaveMaps maps;
  private final SwarmNode node;
  private final Set<NodeId> toldAll = new HashSet<>();
  private boolean done;
  private long toldAt = Long.MIN_VALUE / 2;

  Telling(SwarmId id, SwarmBlobs blobs, HaveMaps maps, SwarmNode node) {
    this.id = id;
    this.maps = maps;
    this.node = node;
    this.own = new OwnChunks(blobs);
  }

  /** This node has all it wants, verified. */
  void done() {
    done = true;
    fresh();
  }

  boolean isDone() {
    return done;
  }

  /** Only these are left; who comes back is told anew. */
  void retain(Collection<NodeId> members) {
    toldAll.retainAll(members);
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
    maps.told(node.self(), have(true, own.all()));
    allTo(audience());
  }

  /** Tells all there is to those of these nodes who are to be told, whatever they were told. */
  void tellAnew(Collection<NodeId> nodes) {
    List<NodeId> some = audience().stream().filter(nodes::contains).toList();
    some.forEach(toldAll::remove);
    allTo(some);
  }

  private void allTo(Collection<NodeId> nodes) {
    List<NodeId> untold =
        nodes.stream().filter(n -> !n.equals(node.self()) && toldAll.add(n)).toList();
    if (!untold.isEmpty()) {
      node.send(untold, have(true, own.all()));
    }
  }

  /** Tells what is new, unless something was told a short time ago. */
  void freshIfDue(long now) {
    if (own.freshCount() > 0 && now - toldAt >= node.policy().neighbourMillis()) {
      toldAt = now;
      fresh();
    }
  }

  /** Tells what is new, if anything is. */
  void freshNow() {
    if (own.freshCount() > 0) {
      fresh();
    }
  }

  private void fresh() {
    SwarmMessage.Have news = have(false, own.takeFresh());
    maps.told(node.self(), news);
    List<NodeId> others = audience().stream().filter(n -> !n.equals(node.self())).toList();
    node.send(others.stream().filter(toldAll::contains).toList(), news);
    allTo(others);
  }

  private SwarmMessage.Have have(boolean all, List<SwarmMessage.HeldChunks> held) {
    // A node that only holds and wants nothing keeps nobody waiting.
    return new SwarmMessage.Have(
        id, all, held, done ? 0 : own.missing(wanted), done || wanted.isEmpty());
  }

  /** Who is told: everybody in a small cluster, in a large one who takes chunks and who leases. */
  private Collection<NodeId> audience() {
    List<NodeId> all = node.members().all();
    if (all.size() <= TellPolicy.NEIGHBOURS + 1) {
      return all;
    }
    Set<NodeId> some = new HashSet<>(node.peering().listeners());
    some.add(node.members().coordinator());
    return some;
  }
}
