package dev.exodl.fetch;

import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;

/**
 * Somewhere the bytes of files can be read from. Used by many virtual threads at once; a call
 * blocks until the first byte can be read. It does not retry what the retry policy decides about:
 * each trouble is thrown, once.
 */
public interface ChunkSource {
  /**
   * Opens a stream at {@code range.offset()} that gives at least the range's bytes, or starts
   * earlier when the source cannot serve ranges (see {@link ChunkStream#offset()}).
   *
   * @param range bytes of the file; not empty
   * @throws SourceException what went wrong before the first byte
   */
  ChunkStream open(RepoFile file, ByteRange range) throws SourceException;
}
