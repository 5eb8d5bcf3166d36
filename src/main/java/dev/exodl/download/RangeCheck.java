package dev.exodl.download;

import dev.exodl.download.ShardManifest.Held;
import dev.exodl.model.ByteRange;
import dev.exodl.verify.ByteHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Reads the ranges that a file is to have, and leaves its holes alone. */
final class RangeCheck {
  private static final int BUFFER = 1 << 20;

  private RangeCheck() {}

  /**
   * What is wrong with the file; null when it is right.
   *
   * @param size that it should have
   * @param read told of bytes as they are read; may throw to end it
   */
  static @Nullable String wrong(Path path, long size, List<Held> ranges, IntConsumer read) {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      if (file.size() != size) {
        return "has " + file.size() + " bytes, not " + size;
      }
      byte[] buffer = new byte[BUFFER];
      for (Held range : ranges) {
        String hex = digest(file, range.at(), buffer, read);
        if (!hex.equals(range.sha256().hex())) {
          return "its bytes %d to %d have the hash %s"
              .formatted(range.at().offset(), range.at().end(), hex);
        }
      }
      return null;
    } catch (IOException e) {
      return "cannot be read: " + e.getMessage();
    }
  }

  private static String digest(FileChannel file, ByteRange range, byte[] buffer, IntConsumer read)
      throws IOException {
    ByteHash hash = ByteHash.fastest().sha256();
    for (long at = range.offset(); at < range.end(); ) {
      int wanted = (int) Math.min(buffer.length, range.end() - at);
      int got = file.read(ByteBuffer.wrap(buffer, 0, wanted), at);
      if (got <= 0) {
        throw new IOException("it ends early");
      }
      hash.update(buffer, 0, got);
      read.accept(got);
      at += got;
    }
    return hash.hex();
  }
}
