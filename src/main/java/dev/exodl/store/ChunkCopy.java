package dev.exodl.store;

import dev.exodl.fetch.ChunkCrc;
import dev.exodl.model.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.OptionalInt;
import java.util.zip.Checksum;

/**
 * Copies a chunk from another file, whose writer may be at work: the checksum is of what was
 * copied.
 */
final class ChunkCopy {
  private ChunkCopy() {}

  /**
   * The CRC32C of what was copied; empty when the other file ends before the chunk does. Both files
   * have the chunk at the same places.
   */
  static OptionalInt copy(FileChannel from, OpenFile to, Chunk chunk) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(chunk.length(), 1 << 20));
    Checksum crc = ChunkCrc.create();
    for (long at = chunk.offset(); at < chunk.end(); ) {
      int wanted = (int) Math.min(buffer.capacity(), chunk.end() - at);
      buffer.clear().limit(to.together(at, wanted));
      int got = from.read(buffer, to.place(at));
      if (got <= 0) {
        return OptionalInt.empty();
      }
      crc.update(buffer.array(), 0, got);
      to.write(at, buffer.array(), 0, got);
      at += got;
    }
    return OptionalInt.of((int) crc.getValue());
  }
}
