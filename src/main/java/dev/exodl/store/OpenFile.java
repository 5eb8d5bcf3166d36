package dev.exodl.store;

import dev.exodl.model.Spread;
import dev.exodl.store.DiskSteps.Step;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file open for reading and writing at any place by many threads. A {@link FileChannel} is closed
 * for all when one thread that uses it is interrupted; this one opens it again and goes on, and the
 * interrupt stays pending.
 *
 * <p>Bytes that follow each other may be spread over the file: offsets then count them, and not
 * what is between them.
 */
final class OpenFile implements AutoCloseable {
  /** Bounds the direct buffer that the JDK keeps for each carrier thread. */
  private static final int AT_ONCE = 1 << 20;

  private volatile Path path;
  private final @Nullable Spread spread;
  private final DiskSteps steps;
  private volatile FileChannel channel;
  private volatile boolean closed;

  /**
   * The system lets one thread write to a file at a time, and those that wait burn CPU. A virtual
   * thread that waits here leaves its core to others.
   */
  private final ReentrantLock writing = new ReentrantLock();

  private OpenFile(Path path, FileChannel channel, @Nullable Spread spread, DiskSteps steps) {
    this.path = path;
    this.spread = spread;
    this.channel = channel;
    this.steps = steps;
  }

  /** Opens the file, which is made when missing; a link in its place is refused. */
  static OpenFile open(Path path, DiskSteps steps) throws IOException {
    return open(path, null, steps);
  }

  /** As the other; with a spread, the bytes have their places by it. */
  static OpenFile open(Path path, @Nullable Spread spread, DiskSteps steps) throws IOException {
    return new OpenFile(
        path,
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS),
        spread,
        steps);
  }

  /** Where in the file a byte is. */
  long place(long offset) {
    return spread == null ? offset : spread.place(offset);
  }

  /** How many of these bytes are in the file without a hole between them. */
  int together(long offset, int length) {
    return spread == null ? length : (int) Math.min(length, spread.together(offset));
  }

  Path path() {
    return path;
  }

  /** The file has another name now. */
  OpenFile moved(Path to) {
    path = to;
    return this;
  }

  long size() throws IOException {
    return on(FileChannel::size);
  }

  /** Makes the file exactly this long; what is added is a hole. */
  void resize(long size) throws IOException {
    on(
        c -> {
          if (c.size() > size) {
            c.truncate(size);
          } else if (c.size() < size) {
            c.write(ByteBuffer.wrap(new byte[1]), size - 1);
          }
          return size;
        });
    steps.done(Step.WRITTEN, path);
  }

  void write(long offset, byte[] bytes, int from, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int part = together(offset + done, Math.min(AT_ONCE, length - done));
      int start = from + done;
      long at = place(offset + done);
      writing.lock();
      try {
        done +=
            on(
                c -> {
                  ByteBuffer buffer = ByteBuffer.wrap(bytes, start, part);
                  while (buffer.hasRemaining()) {
                    c.write(buffer, at + buffer.position() - start);
                  }
                  return part;
                });
      } finally {
        writing.unlock();
      }
    }
    steps.done(Step.WRITTEN, path);
  }

  /** Reads as much as there is, at most {@code length}; returns how much, 0 at the file's end. */
  int read(long offset, byte[] into, int from, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int part = together(offset + done, Math.min(AT_ONCE, length - done));
      if (part == 0) {
        break;
      }
      int start = from + done;
      long at = place(offset + done);
      int got = on(c -> c.read(ByteBuffer.wrap(into, start, part), at));
      if (got < 0) {
        break;
      }
      done += got;
    }
    return done;
  }

  /** As {@link #read}, but all of it has to be there. */
  void readFully(long offset, byte[] into, int from, int length) throws IOException {
    if (read(offset, into, from, length) < length) {
      throw new EOFException("the file ends early");
    }
  }

  /** Brings all that was written to the medium. */
  void sync() throws IOException {
    on(
        c -> {
          c.force(false);
          return 0;
        });
    steps.done(Step.FILE_SYNCED, path);
  }

  private interface Action<T> {
    T on(FileChannel channel) throws IOException;
  }

  private <T> T on(Action<T> action) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        FileChannel current = channel;
        try {
          return action.on(current);
        } catch (ClosedChannelException e) {
          if (closed) {
            throw e;
          }
          interrupted |= Thread.interrupted();
          reopen();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void reopen() throws IOException {
    if (!channel.isOpen() && !closed) {
      channel =
          FileChannel.open(
              path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
