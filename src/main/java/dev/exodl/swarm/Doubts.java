package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.plan.Origin;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which chunk of a file came from which peer, for the case that the file as a whole is wrong though
 * every chunk had the checksum that was told: then a peer told a checksum of wrong bytes. One
 * peer's chunks after the other's are fetched anew, those that are known to have lied first, then
 * those who gave fewest. Not safe for several threads.
 */
final class Doubts {
  private final List<Map<NodeId, BitSet>> from = new ArrayList<>();
  private final List<Map<Integer, Came>> doubted = new ArrayList<>();
  private final List<Map<Integer, Integer>> sums = new ArrayList<>();

  /** Chunks that a peer sent. */
  record Doubt(NodeId of, BitSet chunks) {}

  /** A chunk that a peer sent, and its sum. */
  record Came(NodeId from, int crc) {}

  Doubts(int files) {
    for (int i = 0; i < files; i++) {
      from.add(new HashMap<>());
      doubted.add(new HashMap<>());
      sums.add(new HashMap<>());
    }
  }

  /**
   * A chunk came.
   *
   * @return what came for this chunk before, when it was doubted and is another
   */
  @Nullable Came came(Origin origin, int file, int chunk, int crc) {
    Came before = doubted.get(file).remove(chunk);
    from.get(file).values().forEach(chunks -> chunks.clear(chunk));
    if (origin instanceof Origin.Peer peer) {
      from.get(file).computeIfAbsent(peer.node(), n -> new BitSet()).set(chunk);
    }
    sums.get(file).put(chunk, crc);
    return before != null && before.crc() != crc ? before : null;
  }

  /** The sum of a chunk that came. */
  OptionalInt sum(int file, int chunk) {
    Integer sum = sums.get(file).get(chunk);
    return sum == null ? OptionalInt.empty() : OptionalInt.of(sum);
  }

  /**
   * The file is wrong: which chunks to fetch anew.
   *
   * @param held the chunks that are held
   * @param cleared who was suspected before, and is not again
   * @return null when none of them came from a peer that may be suspected
   */
  @Nullable Doubt next(
      int file, BitSet held, Predicate<NodeId> shunned, Predicate<NodeId> cleared) {
    Map<NodeId, BitSet> peers = from.get(file);
    peers.values().forEach(chunks -> chunks.and(held));
    peers.values().removeIf(BitSet::isEmpty);
    NodeId suspect =
        peers.entrySet().stream()
            .filter(e -> !cleared.test(e.getKey()))
            .min(
                Comparator.comparing((Map.Entry<NodeId, BitSet> e) -> !shunned.test(e.getKey()))
                    .thenComparingInt(e -> e.getValue().cardinality()))
            .map(Map.Entry::getKey)
            .orElse(null);
    BitSet bad = suspect == null ? null : peers.remove(suspect);
    if (suspect == null || bad == null) {
      return null;
    }
    bad.stream()
        .forEach(
            chunk -> {
              Integer sum = sums.get(file).get(chunk);
              if (sum != null) {
                doubted.get(file).put(chunk, new Came(suspect, sum));
              }
            });
    return new Doubt(suspect, bad);
  }
}
