package dev.exodl.download;

import dev.exodl.download.ExcerptSource.Cut;
import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Failure;
import org.jspecify.annotations.Nullable;

/** Bytes of an excerpt in order: one stream of the source after the other, one open at a time. */
final class ExcerptStream implements ChunkStream {
  private final Cut cut;
  private final ChunkSource source;
  private final long end;

  /** The reader's own. */
  private long offset;

  /** The reader's own: what the open stream still has to give. */
  private long left;

  // Guarded by this.
  private @Nullable ChunkStream open;
  private boolean aborted;

  /** A stream of the excerpt's bytes, which count without its holes. */
  ExcerptStream(Cut cut, ChunkSource source, ByteRange range) {
    this.cut = cut;
    this.source = source;
    this.offset = range.offset();
    this.end = range.end();
  }

  @Override
  public long offset() {
    return offset;
  }

  @Override
  public int read(byte[] into, int from, int length) throws SourceException {
    if (offset == end) {
      return -1;
    }
    int wanted = (int) Math.min(length, end - offset);
    int got = left > 0 ? 0 : remember(into, from, wanted);
    if (got == 0) {
      ChunkStream stream = left > 0 ? opened() : next();
      got = stream.read(into, from, (int) Math.min(wanted, left));
      if (got < 0) {
        throw new SourceException(
            new Trouble.Broken("the answer ended " + left + " bytes before the range did"));
      }
      left -= got;
      if (left == 0) {
        close();
      }
    }
    offset += got;
    return got;
  }

  /** What needs no source; 0 when the next byte is not known. */
  private int remember(byte[] into, int from, int wanted) {
    int head = cut.excerpt().headBytes();
    if (offset < head) {
      int count = (int) Math.min(wanted, head - offset);
      cut.excerpt().head((int) offset, into, from, count);
      return count;
    }
    long place = cut.excerpt().source().place(offset - head);
    if (place >= cut.known().length()) {
      return 0;
    }
    long together = cut.excerpt().source().together(offset - head);
    int count = (int) Math.min(wanted, Math.min(together, cut.known().length() - place));
    cut.known().copy((int) place, into, from, count);
    return count;
  }

  private ChunkStream next() throws SourceException {
    long at = offset - cut.excerpt().headBytes();
    long place = cut.excerpt().source().place(at);
    long length = Math.min(cut.excerpt().source().together(at), end - offset);
    ChunkStream stream = source.open(cut.of(), new ByteRange(place, place + length));
    boolean taken = false;
    try {
      if (stream.offset() != place) {
        throw new SourceException(new Trouble.Refused(noRanges()));
      }
      synchronized (this) {
        if (aborted) {
          throw new SourceException(new Trouble.Broken("the stream was aborted"));
        }
        open = stream;
        left = length;
        taken = true;
      }
    } finally {
      if (!taken) {
        stream.close();
      }
    }
    return stream;
  }

  /** Fetching the file from its start for each of the ranges would be worse than all of it once. */
  private Failure noRanges() {
    return new Failure.Network(
        "the hub, or who is in between, sends only whole files",
        cut.of().path().value(),
        "take --shard-form files");
  }

  private synchronized ChunkStream opened() throws SourceException {
    if (open == null) {
      throw new SourceException(new Trouble.Broken("the stream was closed"));
    }
    return open;
  }

  @Override
  public synchronized void abort() {
    aborted = true;
    if (open != null) {
      open.abort();
    }
  }

  @Override
  public synchronized void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
