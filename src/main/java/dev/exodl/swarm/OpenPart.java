package dev.exodl.swarm;

import dev.exodl.model.ChunkGrid;
import java.nio.file.Path;
import java.util.BitSet;

/** A blob on its way to the disk, of which others may have the chunks that are whole. */
public interface OpenPart {
  ChunkGrid grid();

  /** The numbers of the chunks that are held; the caller's own copy. */
  BitSet have();

  /** CRC-32C of a held chunk as it came. */
  int crc(int chunk);

  /** The file that holds the bytes, each at its own offset. */
  Path path();
}
