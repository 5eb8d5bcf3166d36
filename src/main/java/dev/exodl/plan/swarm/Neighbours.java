package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * To whom a node tells what it holds, and from whom it takes chunks. All others in a small cluster;
 * in a large one a few, chosen by each node for itself so that all choose alike: if one is
 * another's neighbour, then the other is the one's, all are connected, and a node that comes or
 * goes changes few links.
 *
 * <p>Nodes are put in several circles, each in the order of another hash, and those beside a node
 * are its neighbours: some such circles make a graph in which everybody is a few steps from
 * everybody. There are circles of each host, of each zone, and of the <em>bridges</em>: a few nodes
 * of each zone that are all neighbours of each other and alone have neighbours in other zones, so
 * that they can agree on who takes a chunk across.
 *
 * @param near the neighbours and how far they are
 * @param bridges the nodes of the own zone that have neighbours in other zones, perhaps oneself
 *     too; empty where there is one zone
 */
public record Neighbours(Map<NodeId, Nearness> near, Set<NodeId> bridges) {
  public Neighbours {
    near = Map.copyOf(near);
    bridges = Set.copyOf(bridges);
  }

  /** A node as the circles see it. */
  private record Spot(Member member, long hash) {
    String zone() {
      return member.place().zone();
    }

    String host() {
      return member.place().host(member.node());
    }
  }

  /** How a node's links are divided; all nodes come to the same figures. */
  private record Shape(int onHost, int inZone, int ordinary, int bridges, int across) {
    static Shape of(int most, boolean shared, boolean zones) {
      int onHost = shared ? most / 5 : 0;
      int bridges = zones ? most / 4 : 0;
      int across = zones ? most / 10 : 0;
      int ofBridge = zones ? bridges - 1 + 2 * across : 0;
      return new Shape(
          onHost, (most - onHost - ofBridge) / 2, ofBridge / 2, bridges, Math.max(across, 1));
    }
  }

  /**
   * The neighbours of a node.
   *
   * @param members all nodes of the swarm, {@code self} among them
   * @param most neighbours at most, from 8 on
   * @throws IllegalArgumentException when {@code self} is no member
   */
  public static Neighbours of(NodeId self, Collection<Member> members, int most) {
    return new Everybody(members, most).neighbours(self);
  }

  /** All nodes of a swarm, to ask for the neighbours of several. */
  public static final class Everybody {
    private final Map<NodeId, Spot> spots = new TreeMap<>();
    private final Map<String, List<Spot>> zones = new HashMap<>();
    private final Map<String, List<Spot>> hosts = new HashMap<>();
    private final List<Spot> bridges = new ArrayList<>();
    private final int most;
    private final Shape shape;

    /**
     * These nodes.
     *
     * @param most neighbours at most, from 8 on
     */
    public Everybody(Collection<Member> members, int most) {
      this.most = most;
      members.forEach(m -> spots.put(m.node(), new Spot(m, NodeHash.of(m.node()))));
      for (Spot spot : spots.values()) {
        zones.computeIfAbsent(spot.zone(), z -> new ArrayList<>()).add(spot);
        hosts.computeIfAbsent(spot.host(), h -> new ArrayList<>()).add(spot);
      }
      this.shape = Shape.of(most, hosts.size() < spots.size(), zones.size() > 1);
      if (zones.size() > 1) {
        zones.values().forEach(z -> bridges.addAll(first(z, shape.bridges)));
      }
    }

    /**
     * The neighbours of one of them.
     *
     * @throws IllegalArgumentException when it is not one of them
     */
    public Neighbours neighbours(NodeId self) {
      Spot me = spots.get(self);
      if (me == null || most < 8) {
        throw new IllegalArgumentException("no neighbours of " + self + ", " + most);
      }
      List<Spot> zone = zones.getOrDefault(me.zone(), List.of());
      if (spots.size() - 1 <= most) {
        return near(me, zones.size() > 1 ? zone : List.of(), spots.values());
      }
      Set<Spot> chosen = new HashSet<>();
      beside(me, hosts.getOrDefault(me.host(), List.of()), shape.onHost / 2, 100, chosen);
      List<Spot> here = bridges.stream().filter(b -> b.zone().equals(me.zone())).toList();
      beside(me, zone, shape.inZone, 200, chosen);
      if (here.contains(me)) {
        chosen.addAll(here);
        beside(me, bridges, shape.across, 400, chosen);
      } else {
        List<Spot> ordinary = new ArrayList<>(zone);
        ordinary.removeAll(new HashSet<>(here));
        beside(me, ordinary, shape.ordinary, 300, chosen);
      }
      return near(me, here, chosen);
    }
  }

  private static Neighbours near(Spot me, List<Spot> bridges, Collection<Spot> chosen) {
    Map<NodeId, Nearness> near = new LinkedHashMap<>();
    for (Spot spot : chosen) {
      if (!spot.equals(me)) {
        near.put(spot.member.node(), Nearness.between(me.member.place(), spot.member.place()));
      }
    }
    Set<NodeId> names = new HashSet<>();
    bridges.forEach(b -> names.add(b.member.node()));
    return new Neighbours(near, names);
  }

  private static List<Spot> first(List<Spot> zone, int most) {
    return zone.stream().sorted(Comparator.comparingLong(Spot::hash)).limit(most).toList();
  }

  /** Adds who is before and behind this one in each of some circles. */
  private static void beside(Spot me, List<Spot> all, int circles, int salt, Set<Spot> into) {
    if (all.size() <= 2 * circles + 1) {
      into.addAll(all);
      return;
    }
    for (int circle = 0; circle < circles; circle++) {
      long mine = NodeHash.salted(me.hash, salt + circle);
      Spot before = null;
      Spot behind = null;
      // Distances backwards and forwards along the circle, as unsigned numbers.
      long least = -1;
      long leastBehind = -1;
      for (Spot spot : all) {
        long distance = NodeHash.salted(spot.hash, salt + circle) - mine;
        if (distance != 0 && Long.compareUnsigned(distance, leastBehind) <= 0) {
          leastBehind = distance;
          behind = spot;
        }
        if (distance != 0 && Long.compareUnsigned(-distance, least) <= 0) {
          least = -distance;
          before = spot;
        }
      }
      if (before != null && behind != null) {
        into.add(before);
        into.add(behind);
      }
    }
  }
}
