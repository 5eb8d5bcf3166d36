package dev.exodl.download;

import dev.exodl.fetch.ChunkCrc;
import dev.exodl.fetch.ChunkSink;
import dev.exodl.fetch.ChunkStream;
import dev.exodl.fetch.FileWork;
import dev.exodl.fetch.SourceException;
import dev.exodl.model.ByteRange;
import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.store.Excerpts;
import dev.exodl.store.HostCopy;
import dev.exodl.store.Opened;
import dev.exodl.store.PartFile;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * One excerpt's way in a sync: taken from a whole copy on this host if there is one, else fetched;
 * read back and digested range by range, noted and placed.
 */
final class ExcerptFile implements FileWork {
  private static final int BUFFER = 1 << 20;

  private final ShardExcerpt what;
  private final Excerpts excerpts;
  private final @Nullable HostCopy copy;
  private final SyncFile.Setting with;
  private @Nullable PartFile part;
  private boolean copied;
  private boolean mended;

  /** {@code copy} of the whole weight file. */
  ExcerptFile(
      ShardExcerpt what, Excerpts excerpts, @Nullable HostCopy copy, SyncFile.Setting with) {
    this.what = what;
    this.excerpts = excerpts;
    this.copy = copy;
    this.with = with;
  }

  @Override
  public RepoFile file() {
    return what.as();
  }

  @Override
  public Optional<FileWork.Unfinished> open(Runnable waiting) {
    WaitingTold told = new WaitingTold(file(), with, waiting);
    Opened opened = excerpts.open(what.wanted(), with.chunkSize(), with.force(), told);
    return switch (opened) {
      case Opened.Busy busy -> Optional.empty();
      case Opened.AlreadyThere there -> {
        with.board().held(file(), file().size());
        done();
        yield Optional.empty();
      }
      case Opened.Part got -> Optional.of(begin(got.part()));
    };
  }

  private FileWork.Unfinished begin(PartFile opened) {
    synchronized (this) {
      part = opened;
    }
    opened.remarks().forEach(with.voice()::detail);
    with.board().held(file(), opened.heldBytes());
    with.board().state(file(), ProgressBoard.State.FETCHING);
    if (copy != null) {
      take(opened, copy);
    }
    return new FileWork.Unfinished(new Sink(opened), opened.have());
  }

  /** Hands bytes to the part; its journal is all that has to know of them. */
  private record Sink(PartFile to) implements ChunkSink {
    @Override
    public ChunkGrid grid() {
      return to.grid();
    }

    @Override
    public void write(long offset, byte[] bytes, int from, int length) {
      to.write(offset, bytes, from, length);
    }

    @Override
    public void held(Chunk chunk, int crc32c) {
      to.held(chunk, crc32c);
    }
  }

  /** Fills the part with what the copy has, unless the copy changes meanwhile. */
  private void take(PartFile to, HostCopy from) {
    BitSet taken = new BitSet();
    BitSet held = to.have();
    try {
      for (int i = 0; i < to.grid().count() && !with.stopped().getAsBoolean(); i++) {
        if (!held.get(i)) {
          take(to, to.grid().chunk(i), new LocalSource(from.path()));
          taken.set(i);
        }
      }
    } catch (SourceException e) {
      with.voice().detail(from.path() + ": " + e.trouble().what());
    }
    if (!from.isUnchanged()) {
      with.voice().warn(from.path() + " changed while it was read: what it gave is fetched");
      lose(to, taken);
      return;
    }
    copied = taken.cardinality() == to.grid().count();
  }

  private void take(PartFile to, Chunk chunk, LocalSource from) throws SourceException {
    byte[] buffer = new byte[Math.min(BUFFER, chunk.length())];
    Checksum crc = ChunkCrc.create();
    var cut = new ExcerptSource.Cut(what.excerpt(), what.of(), Beginning.NONE);
    try (ChunkStream stream =
        new ExcerptStream(cut, from, new ByteRange(chunk.offset(), chunk.end()))) {
      for (long at = chunk.offset(); at < chunk.end(); ) {
        int got = stream.read(buffer, 0, buffer.length);
        to.write(at, buffer, 0, got);
        crc.update(buffer, 0, got);
        at += got;
      }
    }
    to.held(chunk, (int) crc.getValue());
    with.board().held(file(), chunk.length());
  }

  @Override
  public BitSet whole() {
    with.board().state(file(), ProgressBoard.State.VERIFYING);
    PartFile content = part();
    RangeDigests digests = new RangeDigests(what.excerpt().spread().ranges());
    BitSet bad = new BitSet();
    byte[] buffer = new byte[BUFFER];
    for (int i = 0; i < content.grid().count(); i++) {
      if (with.stopped().getAsBoolean()) {
        return content.have();
      }
      if (!digest(content, content.grid().chunk(i), buffer, digests)) {
        bad.set(i);
      }
    }
    if (!bad.isEmpty()) {
      return repair(content, bad);
    }
    String text = ShardManifest.file(what, copied, digests.hex()).toString();
    excerpts.place(what.wanted(), content, text);
    synchronized (this) {
      part = null;
    }
    done();
    return bad;
  }

  /** Reads a chunk back; false when the disk does not give what was written. */
  private static boolean digest(
      PartFile content, Chunk chunk, byte[] buffer, RangeDigests digests) {
    Checksum crc = ChunkCrc.create();
    for (long at = chunk.offset(); at < chunk.end(); ) {
      int got = content.read(at, buffer, 0, (int) Math.min(buffer.length, chunk.end() - at));
      if (got <= 0) {
        throw new IllegalStateException("a held chunk ends early: " + chunk);
      }
      crc.update(buffer, 0, got);
      digests.update(buffer, 0, got);
      at += got;
    }
    return (int) crc.getValue() == content.crc(chunk.index());
  }

  private BitSet repair(PartFile content, BitSet bad) {
    if (mended) {
      throw new FailureException(
          new Failure.Storage(
              "the disk gives back other bytes than were written, after they were fetched twice",
              file().path().value(),
              "check the disk and the memory of this machine (dmesg), then run the same command"
                  + " again"));
    }
    mended = true;
    copied = false;
    with.voice()
        .tell(
            new SyncEvent.Repairing(
                file(), bad.cardinality() + " chunks changed on the disk; fetching them again"));
    lose(content, bad);
    with.board().state(file(), ProgressBoard.State.FETCHING);
    return bad;
  }

  private void lose(PartFile content, BitSet chunks) {
    long lost = 0;
    for (int i = chunks.nextSetBit(0); i >= 0; i = chunks.nextSetBit(i + 1)) {
      lost += content.grid().chunk(i).length();
    }
    content.lose(chunks);
    with.board().held(file(), -lost);
  }

  private void done() {
    with.board().state(file(), ProgressBoard.State.DONE);
    with.voice().tell(new SyncEvent.FilePlaced(file()));
  }

  private synchronized PartFile part() {
    return Objects.requireNonNull(part);
  }

  /** Lets go of the part, which keeps what it holds. */
  void close() {
    PartFile open;
    synchronized (this) {
      open = part;
      part = null;
    }
    if (open != null) {
      try {
        open.close();
      } catch (FailureException e) {
        // What ended the fetch is told; the journals keep what this state could not.
        with.voice().detail(file().path() + ": " + e.failure().what());
      }
    }
  }
}
