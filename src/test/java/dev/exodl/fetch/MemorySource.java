package dev.exodl.fetch;

import dev.exodl.model.ByteRange;
import dev.exodl.model.RepoFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A source that holds its files in memory and does what a test tells it to. */
final class MemorySource implements ChunkSource {
  /** Decides what happens to the n-th request (from 0). */
  interface Script {
    /**
     * Throws a trouble before the first byte, or returns how many bytes the stream gives before it
     * breaks (-1: all).
     */
    long begin(int request, RepoFile file, ByteRange range) throws SourceException;
  }

  record Asked(RepoFile file, ByteRange range) {}

  final Map<RepoFile, byte[]> contents;
  final List<Asked> asked = new CopyOnWriteArrayList<>();
  final AtomicLong served = new AtomicLong();
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger mostOpen = new AtomicInteger();
  volatile boolean ignoresRanges;
  volatile Duration perRead = Duration.ZERO;

  /** Streams of these requests give nothing until they are aborted. */
  final List<Integer> stalled = new ArrayList<>();

  private final Script script;
  private final AtomicInteger requests = new AtomicInteger();

  MemorySource(Map<RepoFile, byte[]> contents, Script script) {
    this.contents = contents;
    this.script = script;
  }

  MemorySource(Map<RepoFile, byte[]> contents) {
    this(contents, (request, file, range) -> -1);
  }

  @Override
  public ChunkStream open(RepoFile file, ByteRange range) throws SourceException {
    int request = requests.getAndIncrement();
    asked.add(new Asked(file, range));
    long breaksAfter = script.begin(request, file, range);
    ByteRange given = ignoresRanges ? new ByteRange(0, file.size()) : range;
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    return new MemoryStream(contents.get(file), given, breaksAfter, stalled.contains(request));
  }

  private final class MemoryStream implements ChunkStream {
    private final byte[] content;
    private final ByteRange range;
    private final boolean stalls;
    private long at;
    private long left;
    private volatile boolean aborted;
    private boolean closed;

    MemoryStream(byte[] content, ByteRange range, long breaksAfter, boolean stalls) {
      this.content = content;
      this.range = range;
      this.at = range.offset();
      this.left = breaksAfter;
      this.stalls = stalls;
    }

    @Override
    public long offset() {
      return at;
    }

    @Override
    public int read(byte[] into, int from, int length) throws SourceException {
      try {
        while (stalls && !aborted) {
          Thread.sleep(10);
        }
        Thread.sleep(perRead);
      } catch (InterruptedException e) {
        throw new SourceException(new Trouble.Broken("interrupted"));
      }
      if (aborted || left == 0) {
        throw new SourceException(new Trouble.Broken(aborted ? "aborted" : "connection reset"));
      }
      if (at == range.end()) {
        return -1;
      }
      int count = (int) Math.min(Math.min(length, 10_000), range.end() - at);
      if (left > 0) {
        count = (int) Math.min(count, left);
        left -= count;
      }
      System.arraycopy(content, (int) at, into, from, count);
      at += count;
      served.addAndGet(count);
      return count;
    }

    @Override
    public void abort() {
      aborted = true;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }
}
