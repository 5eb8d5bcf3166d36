package dev.exodl.store;

import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reuses what an older Hugging Face client left: its partial file is the blob's beginning. It is
 * copied and never moved or changed, since its process may be alive. Source: huggingface_hub up to
 * 1.17, file_download.py.
 */
final class Prefix {
  private Prefix() {}

  /** Copies the whole chunks of the longest prefix there is. */
  static PartFolder.Recovered adopt(PartFolder.Recovered part, List<Path> prefixes)
      throws IOException {
    Optional<Path> best = Optional.empty();
    long length = 0;
    for (Path prefix : prefixes) {
      if (Files.isRegularFile(prefix, LinkOption.NOFOLLOW_LINKS)) {
        long size = Files.size(prefix);
        if (size > length && size <= part.grid().blobSize()) {
          best = Optional.of(prefix);
          length = size;
        }
      }
    }
    return best.isEmpty() ? part : copy(part, best.get(), length);
  }

  private static PartFolder.Recovered copy(PartFolder.Recovered part, Path prefix, long length)
      throws IOException {
    ChunkGrid grid = part.grid();
    long copied = 0;
    try (FileChannel from =
        FileChannel.open(prefix, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (int i = 0; i < grid.count() && grid.chunk(i).end() <= length; i++) {
        Chunk chunk = grid.chunk(i);
        Optional<Integer> crc = copy(from, part.data(), chunk);
        if (crc.isEmpty()) {
          break;
        }
        part.held().add(i, crc.get());
        copied += chunk.length();
      }
    }
    if (copied == 0) {
      return part;
    }
    List<String> remarks = new ArrayList<>(part.remarks());
    remarks.add(
        "took over " + StorageFailure.human(copied) + " that another client left in " + prefix);
    return new PartFolder.Recovered(
        part.blob(), grid, part.data(), part.held(), part.generation(), true, remarks);
  }

  /** Copies one chunk and returns its checksum; empty when the file ends early. */
  private static Optional<Integer> copy(FileChannel from, OpenFile to, Chunk chunk)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(chunk.length(), 1 << 20));
    CRC32C crc = new CRC32C();
    for (long at = chunk.offset(); at < chunk.end(); ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), chunk.end() - at));
      int got = from.read(buffer, at);
      if (got <= 0) {
        return Optional.empty();
      }
      crc.update(buffer.array(), 0, got);
      to.write(at, buffer.array(), 0, got);
      at += got;
    }
    return Optional.of((int) crc.getValue());
  }
}
