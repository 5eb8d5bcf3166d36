package dev.exodl.fetch;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a file from the body of an answer. Reading should be done on a virtual thread: only
 * there can {@link #abort()} end a read at once, by interrupting it; on a platform thread the read
 * ends by its timeout.
 */
public final class BodyStream implements ChunkStream {
  /** The answer that the body belongs to. */
  public interface Answer {
    /** Who gave it, for messages. */
    String host();

    /** What stands behind an exception while the body was read. */
    SourceException trouble(IOException e);

    /** Makes the connection unusable. May wait for a read in progress on another thread. */
    void drop();
  }

  private final Answer answer;
  private final InputStream body;
  private final long start;
  private final long end;

  /**
   * Whether the answer ends where its length says, so that nothing has to be read after the last
   * byte.
   */
  private final boolean framed;

  /** The reader's own. */
  private long offset;

  // Guarded by this.
  private @Nullable Thread reader;
  private boolean aborted;
  private boolean closed;
  private boolean interrupted;

  /**
   * A stream of {@code start} to {@code end} (exclusive).
   *
   * @param framed whether the body's length was told and is {@code end - start}
   */
  public BodyStream(Answer answer, InputStream body, long start, long end, boolean framed) {
    this.answer = answer;
    this.body = body;
    this.start = start;
    this.end = end;
    this.framed = framed;
    this.offset = start;
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public int read(byte[] into, int from, int length) throws SourceException {
    long left = end - offset;
    if (left == 0) {
      return -1;
    }
    begin();
    try {
      int n = body.read(into, from, (int) Math.min(length, left));
      if (n < 0) {
        throw ended(null);
      }
      offset += n;
      if (n == left && !framed && body.read() >= 0) {
        throw broken("gave more bytes than the file has", null);
      }
      return n;
    } catch (IOException e) {
      throw failed(e);
    } finally {
      done();
    }
  }

  private synchronized void begin() throws SourceException {
    if (aborted || closed) {
      throw broken("was aborted", null);
    }
    reader = Thread.currentThread();
  }

  private synchronized void done() {
    reader = null;
    if (interrupted) {
      // Ours, not a wish of whoever runs this thread.
      Thread.interrupted();
      interrupted = false;
    }
    if (aborted && !closed) {
      closed = true;
      answer.drop();
    }
  }

  private synchronized boolean isAborted() {
    return aborted;
  }

  private SourceException failed(IOException e) {
    if (isAborted()) {
      return broken("was aborted", e);
    }
    // The JDK's words for an end before Content-Length, or before the closing chunk.
    boolean early = String.valueOf(e.getMessage()).startsWith("Premature EOF");
    return early ? ended(e) : answer.trouble(e);
  }

  private SourceException ended(@Nullable IOException cause) {
    return broken("ended after " + (offset - start) + " of " + (end - start) + " bytes", cause);
  }

  private SourceException broken(String what, @Nullable IOException cause) {
    return new SourceException(
        new Trouble.Broken("the answer of " + answer.host() + " " + what), cause);
  }

  @Override
  public synchronized void abort() {
    aborted = true;
    if (closed) {
      return;
    }
    if (reader == null) {
      closed = true;
      answer.drop();
    } else if (reader.isVirtual()) {
      interrupted = true;
      reader.interrupt();
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (offset != end) {
      answer.drop();
      return;
    }
    try {
      body.close();
    } catch (IOException e) {
      answer.drop();
    }
  }
}
