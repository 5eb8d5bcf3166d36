package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Who can give a node chunks that none of its neighbours holds: where nodes want different files,
 * those who want one may be no neighbours, and those between them have no use for it.
 */
public final class Holders {
  private Holders() {}

  /**
   * A few nodes that hold these chunks, each some that the ones before do not; taken at random, as
   * others ask for the same.
   *
   * @param gives whether a node may be one of them
   */
  public static List<NodeId> of(
      HaveMaps maps, BitSet places, Predicate<NodeId> gives, RandomGenerator random) {
    BitSet left = places.get(0, maps.places());
    List<NodeId> chosen = new ArrayList<>();
    while (!left.isEmpty() && chosen.size() < SwarmMessage.Meet.MOST) {
      int place = left.nextSetBit(random.nextInt(left.length()));
      List<NodeId> holders = at(maps, place, gives);
      left.clear(place);
      if (!holders.isEmpty()) {
        NodeId holder = holders.get(random.nextInt(holders.size()));
        chosen.add(holder);
        int slot = maps.slot(holder);
        left.stream().filter(p -> maps.holds(slot, p)).forEach(left::clear);
      }
    }
    return chosen;
  }

  private static List<NodeId> at(HaveMaps maps, int place, Predicate<NodeId> gives) {
    List<NodeId> holders = new ArrayList<>();
    for (int word = 0; word < maps.stride(); word++) {
      for (long slots = maps.row(place, word); slots != 0; slots &= slots - 1) {
        NodeId node = maps.node(64 * word + Long.numberOfTrailingZeros(slots));
        if (gives.test(node)) {
          holders.add(node);
        }
      }
    }
    return holders;
  }
}
