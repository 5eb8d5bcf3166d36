package dev.exodl.plan.swarm;

import dev.exodl.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The chunks' checksums as they were first told, and by whom. Arrays: six bytes a chunk. */
final class Checksums {
  private final int places;
  private final ChunkBits known;
  private final List<NodeId> names = new ArrayList<>();
  private final Map<NodeId, Integer> numbers = new HashMap<>();

  /** Made when the first checksum comes. */
  private int[] sums = new int[0];

  private char[] tellers = new char[0];

  Checksums(int places) {
    this.places = places;
    this.known = new ChunkBits(places);
  }

  void putIfAbsent(int place, int crc, NodeId teller) {
    if (known.get(place)) {
      return;
    }
    if (sums.length == 0) {
      sums = new int[places];
      tellers = new char[places];
    }
    known.set(place);
    sums[place] = crc;
    tellers[place] = (char) number(teller);
  }

  /** 0 when too many nodes came and went to tell them apart. */
  private int number(NodeId teller) {
    Integer number = numbers.get(teller);
    if (number == null && names.size() < Character.MAX_VALUE) {
      names.add(teller);
      number = names.size();
      numbers.put(teller, number);
    }
    return number == null ? 0 : number;
  }

  OptionalInt get(int place) {
    return known.get(place) ? OptionalInt.of(sums[place]) : OptionalInt.empty();
  }

  Optional<NodeId> teller(int place) {
    return known.get(place) && tellers[place] > 0
        ? Optional.of(names.get(tellers[place] - 1))
        : Optional.empty();
  }

  /** What this node told does not count any more. */
  void forgetOf(NodeId teller) {
    Integer number = numbers.get(teller);
    for (int place = 0; number != null && place < sums.length; place++) {
      if (tellers[place] == number) {
        known.clear(place);
      }
    }
  }

  void forget(int place) {
    known.clear(place);
  }
}
