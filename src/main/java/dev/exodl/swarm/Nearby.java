package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.Member;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.Neighbours;
import dev.exodl.plan.swarm.Place;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * This node's neighbours in one swarm: from whom it takes chunks and whom it tells what it holds.
 * In a small cluster all are; in a large one they are chosen among those whose cards say that they
 * take part, and besides there are those whom the coordinator made it meet. The swarm's lock guards
 * it.
 */
final class Nearby {
  private final SwarmId id;
  private final Members members;
  private final Supplier<Member> self;
  private final boolean encrypts;

  /** Those met last; each costs as much as a neighbour. */
  private final Set<NodeId> met = new LinkedHashSet<>();

  private long version = -1;
  private boolean takesPart;
  private List<Known> all = List.of();
  private Neighbours sources = new Neighbours(Map.of(), Set.of());
  private Set<NodeId> listeners = Set.of();

  /** What of a node's card counts here. */
  private record Known(Member member, boolean serves, boolean encrypts) {
    static Known of(NodeId node, SwarmMessage.Card card) {
      return new Known(new Member(node, Place.of(card)), card.port() > 0, card.encrypts());
    }

    NodeId node() {
      return member.node();
    }
  }

  /**
   * No neighbours yet.
   *
   * @param self this node and where it is
   * @param encrypts whether it takes chunks only from nodes that do
   */
  Nearby(SwarmId id, Members members, Supplier<Member> self, boolean encrypts) {
    this.id = id;
    this.members = members;
    this.self = self;
    this.encrypts = encrypts;
  }

  /** From whom this node takes chunks. */
  Neighbours sources() {
    return sources;
  }

  /** Those that take chunks from here. */
  Set<NodeId> listeners() {
    return listeners;
  }

  /** Whether a card says that its node takes part. */
  boolean isNamed() {
    return members.cards().values().stream().anyMatch(c -> c.swarms().contains(id));
  }

  /** The coordinator says that these and this node have something for each other. */
  void meet(Collection<NodeId> nodes) {
    for (NodeId node : nodes) {
      met.remove(node);
      met.add(node);
    }
    Iterator<NodeId> oldest = met.iterator();
    while (met.size() > TellPolicy.NEIGHBOURS) {
      oldest.next();
      oldest.remove();
    }
    find();
  }

  /**
   * Looks who takes part now; whether that changed anything.
   *
   * @param part whether this node holds or wants something of the swarm
   */
  boolean refresh(boolean part) {
    long now = members.version();
    if (now == version && part == takesPart) {
      return false;
    }
    version = now;
    takesPart = part;
    List<Known> before = all;
    all = known();
    if (all.equals(before)) {
      return false;
    }
    find();
    return true;
  }

  private List<Known> known() {
    boolean large = TellPolicy.isLarge(members.all().size());
    if (large && !takesPart) {
      return List.of();
    }
    List<Known> known = new ArrayList<>();
    members
        .cards()
        .forEach(
            (node, card) -> {
              if (!large || card.swarms().contains(id)) {
                known.add(Known.of(node, card));
              }
            });
    known.sort((a, b) -> a.node().compareTo(b.node()));
    return known;
  }

  private void find() {
    Member own = self.get();
    Neighbours beside = neighbours(own, false);
    Neighbours taken = encrypts ? neighbours(own, true) : beside;
    Set<NodeId> told = new HashSet<>(beside.near().keySet());
    told.addAll(taken.near().keySet());
    Map<NodeId, Nearness> near = new HashMap<>();
    for (Known known : all) {
      NodeId node = known.node();
      boolean isMet = met.contains(node);
      if (isMet) {
        told.add(node);
      }
      if (known.serves
          && (known.encrypts || !encrypts)
          && (isMet || taken.near().containsKey(node))) {
        near.put(node, Nearness.between(own.place(), known.member.place()));
      }
    }
    sources = new Neighbours(near, taken.bridges());
    listeners = Set.copyOf(told);
  }

  /** Among all, or among those that encrypt. */
  private Neighbours neighbours(Member own, boolean encrypting) {
    List<Member> some = new ArrayList<>();
    some.add(own);
    all.stream().filter(k -> k.encrypts || !encrypting).forEach(k -> some.add(k.member));
    return Neighbours.of(own.node(), some, TellPolicy.NEIGHBOURS);
  }
}
