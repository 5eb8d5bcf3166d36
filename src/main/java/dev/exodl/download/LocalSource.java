package dev.exodl.download;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of this disk as a source of its bytes. */
record LocalSource(Path path) implements ChunkSource {
  @Override
  public ChunkStream open(RepoFile file, ByteRange range) throws SourceException {
    try {
      return new Reading(
          FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS), range);
    } catch (IOException e) {
      throw cannotRead(e);
    }
  }

  private static SourceException cannotRead(IOException e) {
    return new SourceException(new Trouble.Broken("it cannot be read: " + e), e);
  }

  private static final class Reading implements ChunkStream {
    private final FileChannel channel;
    private final long end;
    private long offset;

    Reading(FileChannel channel, ByteRange range) {
      this.channel = channel;
      this.offset = range.offset();
      this.end = range.end();
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public int read(byte[] into, int from, int length) throws SourceException {
      int wanted = (int) Math.min(length, end - offset);
      if (wanted == 0) {
        return -1;
      }
      try {
        int got = channel.read(ByteBuffer.wrap(into, from, wanted), offset);
        offset += Math.max(0, got);
        return got;
      } catch (IOException e) {
        throw cannotRead(e);
      }
    }

    @Override
    public void abort() {
      close();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // Only read from.
      }
    }
  }
}
