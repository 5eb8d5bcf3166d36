package dev.exodl.swarm;

import dev.exodl.model.ChunkGrid;
import java.util.BitSet;

/**
 * What a part held when it was looked at. A look may wait for the disk, so nobody holds a swarm's
 * lock then.
 */
final class PartChunks {
  final ChunkGrid grid;
  final BitSet have;

  /** The chunks that this is about, all of them held. */
  final BitSet which;

  /** Their checksums, in their order. */
  final int[] crcs;

  private PartChunks(OpenPart part, BitSet have, BitSet which) {
    this.grid = part.grid();
    this.have = have;
    this.which = which;
    this.crcs = which.stream().map(part::crc).toArray();
  }

  /** All that it holds. */
  static PartChunks all(OpenPart part) {
    BitSet have = part.have();
    return new PartChunks(part, have, have);
  }

  /** Those of these chunks that it holds. */
  static PartChunks of(OpenPart part, BitSet these) {
    BitSet have = part.have();
    BitSet which = (BitSet) these.clone();
    which.and(have);
    return new PartChunks(part, have, which);
  }
}
