package dev.exodl.emulator;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** The forms of {@link RepoContent}. */
final class Contents {

  private Contents() {}

  record Memory(byte[] data) implements RepoContent {
    @Override
    public long size() {
      return data.length;
    }

    @Override
    public void read(long offset, byte[] into, int at, int length) {
      System.arraycopy(data, Math.toIntExact(offset), into, at, length);
    }
  }

  record Zeros(long size) implements RepoContent {
    @Override
    public void read(long offset, byte[] into, int at, int length) {
      Arrays.fill(into, at, at + length, (byte) 0);
    }
  }

  /**
   * Word i (8 bytes, little-endian) is SplitMix64's i-th output: cheap enough not to slow a
   * transfer.
   */
  record Random(long seed, long size) implements RepoContent {
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    @Override
    public void read(long offset, byte[] into, int at, int length) {
      long position = offset;
      int to = at + length;
      int i = at;
      while (i < to && (position & 7) != 0) {
        into[i++] = byteAt(position++);
      }
      long word = position >>> 3;
      for (; i + 8 <= to; i += 8) {
        LONG.set(into, i, word(word++));
      }
      position = word << 3;
      while (i < to) {
        into[i++] = byteAt(position++);
      }
    }

    private byte byteAt(long position) {
      return (byte) (word(position >>> 3) >>> ((position & 7) * 8));
    }

    private long word(long index) {
      long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }
  }

  record DiskFile(FileChannel channel, long size) implements RepoContent {
    static DiskFile open(Path file) throws IOException {
      var channel = FileChannel.open(file, StandardOpenOption.READ);
      return new DiskFile(channel, channel.size());
    }

    @Override
    public void read(long offset, byte[] into, int at, int length) throws IOException {
      var buffer = ByteBuffer.wrap(into, at, length);
      long position = offset;
      while (buffer.hasRemaining()) {
        int n = channel.read(buffer, position);
        if (n < 0) {
          throw new EOFException("file became shorter than " + size + " bytes");
        }
        position += n;
      }
    }
  }

  record Joined(List<RepoContent> parts, long[] starts, long size) implements RepoContent {
    static Joined of(List<RepoContent> parts) {
      var starts = new long[parts.size()];
      long size = 0;
      for (int i = 0; i < starts.length; i++) {
        starts[i] = size;
        size += parts.get(i).size();
      }
      return new Joined(parts, starts, size);
    }

    @Override
    public void read(long offset, byte[] into, int at, int length) throws IOException {
      int done = 0;
      for (int i = 0; i < starts.length && done < length; i++) {
        long within = offset + done - starts[i];
        if (within >= 0 && within < parts.get(i).size()) {
          int n = (int) Math.min(length - done, parts.get(i).size() - within);
          parts.get(i).read(within, into, at + done, n);
          done += n;
        }
      }
    }
  }
}
