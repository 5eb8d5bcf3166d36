package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that came with another checksum than was told. Either who sent it lied or who told the
 * checksum, so the chunk is fetched once more from elsewhere, and that decides. Not safe for
 * several threads.
 */
final class Disputes {
  private record Came(NodeId from, int crc) {}

  private record Chunk(int file, int chunk) {}

  private final Map<Chunk, Came> open = new HashMap<>();

  /**
   * A chunk came from a peer.
   *
   * @param kept whether it may be kept
   * @param liar who has sent wrong bytes, if that is clear now
   * @param toldWrongly whether what was told of the checksum is not to be believed
   */
  record Verdict(boolean kept, @Nullable NodeId liar, boolean toldWrongly) {
    static final Verdict GOOD = new Verdict(true, null, false);
  }

  /** Judges a chunk from {@code from} of which another one told a checksum. */
  Verdict came(int file, int chunk, NodeId from, @Nullable NodeId teller, int told, int crc) {
    Chunk key = new Chunk(file, chunk);
    Came before = open.get(key);
    if (crc == told) {
      open.remove(key);
      return before != null && before.crc() != crc
          ? new Verdict(true, before.from(), false)
          : Verdict.GOOD;
    }
    if (from.equals(teller)) {
      // It told this sum and sends other bytes.
      return new Verdict(false, from, false);
    }
    if (before != null && before.crc() == crc) {
      // Twice the same: it is the sum that is wrong. The hash of the whole file decides in the end.
      open.remove(key);
      return new Verdict(true, null, true);
    }
    open.put(key, new Came(from, crc));
    return new Verdict(false, null, false);
  }
}
