package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that came with another checksum than was told, and who sent what. A sum that only who told
 * it vouches for proves nothing, nor do two nodes that agree against one: they may lie together. So
 * a chunk is fetched again from elsewhere, but nobody is blamed before the hub's copy says the same
 * as was told, or the whole file has its hash. Not safe for several threads.
 */
final class Disputes {
  /** So often a chunk is refused; who is asked then may be all that there are. */
  private static final int REFUSED_MOST = 2;

  private record Chunk(int file, int chunk) {}

  private static final class Dispute {
    final Map<NodeId, Integer> sent = new HashMap<>();
    int refused;
  }

  private final Map<Chunk, Dispute> open = new HashMap<>();

  /** What is to be done with a chunk from a peer. */
  enum Verdict {
    KEPT,
    REFUSED,
    /** Refused, and who sent it told another sum than that of what it sends. */
    LIED
  }

  /** Judges a chunk from {@code from} of which one, perhaps the same, told a checksum. */
  Verdict came(int file, int chunk, NodeId from, @Nullable NodeId teller, int told, int crc) {
    if (crc != told && from.equals(teller)) {
      return Verdict.LIED;
    }
    Chunk key = new Chunk(file, chunk);
    if (crc == told && !open.containsKey(key)) {
      return Verdict.KEPT;
    }
    Dispute dispute = open.computeIfAbsent(key, k -> new Dispute());
    boolean vouched =
        (crc == told && !from.equals(teller))
            || dispute.sent.entrySet().stream()
                .anyMatch(e -> e.getValue() == crc && !e.getKey().equals(from));
    dispute.sent.put(from, crc);
    if (vouched || dispute.refused == REFUSED_MOST) {
      return Verdict.KEPT;
    }
    dispute.refused++;
    return Verdict.REFUSED;
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** A peer sent this chunk with this sum, and another one came in its place. */
  void sent(int file, int chunk, NodeId from, int crc) {
    open.computeIfAbsent(new Chunk(file, chunk), k -> new Dispute()).sent.put(from, crc);
  }

  /** The hub gave a chunk, and its sum is the one that a peer told: who sent another. */
  Set<NodeId> confirmed(int file, int chunk, int crc) {
    return others(open.remove(new Chunk(file, chunk)), crc);
  }

  /**
   * A file has its hash.
   *
   * @param sums of its chunks, as they are now
   * @return who sent others
   */
  Set<NodeId> whole(int file, IntFunction<OptionalInt> sums) {
    Set<NodeId> liars = new HashSet<>();
    open.forEach(
        (key, dispute) -> {
          if (key.file == file) {
            sums.apply(key.chunk).ifPresent(crc -> liars.addAll(others(dispute, crc)));
          }
        });
    open.keySet().removeIf(key -> key.file == file);
    return liars;
  }

  private static Set<NodeId> others(@Nullable Dispute dispute, int crc) {
    Set<NodeId> others = new HashSet<>();
    if (dispute != null) {
      dispute.sent.forEach(
          (node, sum) -> {
            if (sum != crc) {
              others.add(node);
            }
          });
    }
    return others;
  }
}
