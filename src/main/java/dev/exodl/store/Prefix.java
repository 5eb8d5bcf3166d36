package dev.exodl.store;

import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import dev.exodl.store.PartFolder.Recovered;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reuses what an older Hugging Face client left: its partial file is the blob's beginning. It is
 * copied and never moved or changed, since its process may be alive. Source: huggingface_hub up to
 * 1.17, file_download.py.
 */
final class Prefix {
  private Prefix() {}

  /** Copies the whole chunks of the longest prefix there is. */
  static Recovered adopt(Recovered part, List<Path> prefixes) throws IOException {
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

  private static Recovered copy(Recovered part, Path prefix, long length) throws IOException {
    ChunkGrid grid = part.grid();
    long copied = 0;
    try (FileChannel from =
        FileChannel.open(prefix, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      for (int i = 0; i < grid.count() && grid.chunk(i).end() <= length; i++) {
        Chunk chunk = grid.chunk(i);
        OptionalInt crc = ChunkCopy.copy(from, part.data(), chunk);
        if (crc.isEmpty()) {
          break;
        }
        part.held().add(i, crc.getAsInt());
        copied += chunk.length();
      }
    }
    String remark =
        "took over " + StorageFailure.human(copied) + " that another client left in " + prefix;
    return copied == 0 ? part : part.andUnsaved(remark);
  }
}
