package dev.exodl.swarm;

import dev.exodl.model.ChunkGrid;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Snapshots that this node takes part in, or is about to, since others spoke of them. Nobody makes
 * it take part in any number of them, nor in one that takes any amount of memory; of what it wants
 * itself, or knows from the hub or its own disk, nothing of that counts. Not safe for several
 * threads.
 */
final class SpokenOf {
  /** That one node spoke of first, and that all did. */
  static final int OF_ONE_MOST = 32;

  private static final int MOST = 512;

  /** Files and chunks of those that others told what they are, of one node and of all. */
  static final long FILES_OF_ONE = 300_000;

  private static final long FILES = 2 * FILES_OF_ONE;

  /** 64 TiB in one snapshot. */
  static final long CHUNKS_OF_ONE = 1 << 20;

  private static final long CHUNKS = 4 * CHUNKS_OF_ONE;

  /** What a listing takes. */
  private record Size(NodeId by, long files, long chunks) {
    static Size of(NodeId by, SwarmMessage.Listed listed) {
      long bytes = listed.files().stream().mapToLong(Entry::size).sum();
      int chunk = ChunkGrid.chunkSizeFor(bytes);
      long chunks = listed.files().stream().mapToLong(e -> (e.size() + chunk - 1) / chunk).sum();
      return new Size(by, listed.files().size(), chunks);
    }
  }

  private final Map<SwarmId, NodeId> first = new HashMap<>();
  private final Map<SwarmId, Size> told = new HashMap<>();

  /** Only such snapshots are left. */
  void retain(Predicate<SwarmId> some) {
    first.keySet().removeIf(some.negate());
    told.keySet().removeIf(some.negate());
  }

  boolean hasAllOf(NodeId from) {
    return first.values().stream().filter(from::equals).count() >= OF_ONE_MOST;
  }

  /** A node speaks of one that is not known. Whether it is looked at. */
  boolean begins(SwarmId id, NodeId from) {
    if (first.size() >= MOST || hasAllOf(from)) {
      return false;
    }
    first.put(id, from);
    return true;
  }

  /** A node told what it is. Whether there is room for so much. */
  boolean fits(SwarmId id, NodeId by, SwarmMessage.Listed listed) {
    Size size = Size.of(by, listed);
    told.remove(id);
    Predicate<Size> same = s -> s.by.equals(by);
    boolean fits =
        size.files + sum(same, Size::files) <= FILES_OF_ONE
            && size.chunks + sum(same, Size::chunks) <= CHUNKS_OF_ONE
            && size.files + sum(s -> true, Size::files) <= FILES
            && size.chunks + sum(s -> true, Size::chunks) <= CHUNKS;
    if (fits) {
      told.put(id, size);
    }
    return fits;
  }

  private long sum(Predicate<Size> some, ToLongFunction<Size> of) {
    return told.values().stream().filter(some).mapToLong(of).sum();
  }
}
