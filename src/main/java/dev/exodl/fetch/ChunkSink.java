package dev.exodl.fetch;

import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;

/** Takes the bytes of one file. Different chunks may be written by different threads at once. */
public interface ChunkSink {
  /** How this file is cut; fixed for the life of the sink. */
  ChunkGrid grid();

  /**
   * Writes bytes at a place in the file. Writing the same bytes again is harmless.
   *
   * @throws dev.exodl.model.FailureException storage failure, for example a full disk
   */
  void write(long offset, byte[] bytes, int from, int length);

  /**
   * All bytes of the chunk were written. From now on it counts, and survives a kill of this
   * process.
   *
   * @param crc32c checksum of the chunk's bytes as they came
   */
  void held(Chunk chunk, int crc32c);
}
