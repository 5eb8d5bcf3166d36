package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.FailureException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A part with state and journal. A chunk that is reported as held is in the journal when {@link
 * #held} returns, so a kill does not lose it; at the next checkpoint its bytes are synced and only
 * then is its bit saved, so a power loss does not make us believe what is not there.
 */
final class ChunkedPart extends PartFile {
  /** A checkpoint is due after this many bytes ... */
  private static final long DUE_BYTES = 256L << 20;

  /** ... or when the last one is this long ago. */
  private static final long DUE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final PartFolder folder;
  private final BlobId blob;
  private final ChunkGrid grid;
  private final OpenFile data;
  private final Claim claim;
  private final List<String> remarks;

  /** Guards what follows up to {@code journal}. */
  private final Object book = new Object();

  private final Held held;
  private long heldBytes;
  private long unsaved;
  private long lastSaved = System.nanoTime();
  private boolean changed;
  private boolean closed;
  private boolean unsafe;
  private @Nullable FailureException failure;
  private Journal journal;

  /** Held while a checkpoint is made; never waited for with {@code book} held. */
  private final Object saving = new Object();

  private final AtomicBoolean queued = new AtomicBoolean();

  ChunkedPart(PartFolder folder, PartFolder.Recovered found, Claim claim) {
    this.folder = folder;
    this.claim = claim;
    this.blob = found.blob();
    this.grid = found.grid();
    this.data = found.data();
    this.held = found.held();
    this.changed = found.unsaved();
    this.remarks = new ArrayList<>(found.remarks());
    this.journal = folder.journal(found.generation() + 1, blob, grid);
    this.heldBytes = held.bytes(grid);
  }

  @Override
  public BlobId blob() {
    return blob;
  }

  @Override
  public Path path() {
    return data.path();
  }

  @Override
  public ChunkGrid grid() {
    return grid;
  }

  @Override
  public void write(long offset, byte[] bytes, int from, int length) {
    try {
      data.write(offset, bytes, from, length);
    } catch (IOException e) {
      throw failed(e, "write");
    }
  }

  @Override
  public void held(Chunk chunk, int crc32c) {
    if (note(chunk, crc32c) && queued.compareAndSet(false, true)) {
      Checkpoints.background().execute(this::checkpointInBackground);
    }
  }

  /** Puts the chunk into the book and says whether a checkpoint is due. */
  private boolean note(Chunk chunk, int crc32c) {
    synchronized (book) {
      checkUsable();
      try {
        journal.append(chunk.index(), crc32c);
      } catch (IOException e) {
        throw failed(e, "write the journal of");
      }
      if (!held.has(chunk.index())) {
        heldBytes += chunk.length();
      }
      held.add(chunk.index(), crc32c);
      changed = true;
      unsaved += chunk.length();
      return unsaved >= DUE_BYTES || System.nanoTime() - lastSaved >= DUE_NANOS;
    }
  }

  private void checkpointInBackground() {
    try {
      checkpoint();
    } catch (FailureException e) {
      synchronized (book) {
        // Told by the next call of held().
        failure = e;
      }
    } finally {
      queued.set(false);
    }
  }

  @Override
  public void checkpoint() {
    synchronized (saving) {
      try {
        save();
      } catch (IOException e) {
        throw failed(e, "save the state of");
      }
    }
  }

  /**
   * After a failed sync the system may have dropped what it could not write, and the next sync
   * succeeds: so nothing that came since the last good one counts, now or later.
   */
  private void sync() throws IOException {
    try {
      data.sync();
    } catch (IOException e) {
      synchronized (book) {
        unsafe = true;
      }
      folder.dropJournals();
      throw e;
    }
  }

  private void save() throws IOException {
    StateFile state;
    synchronized (book) {
      if (!changed || closed || unsafe) {
        return;
      }
      long generation = journal.generation() + 1;
      // What comes from now on goes into the next journal: the state that is being saved does not
      // know of it.
      journal.close();
      journal = folder.journal(generation, blob, grid);
      state = new StateFile(blob, grid, generation, held.copy());
      changed = false;
      unsaved = 0;
      lastSaved = System.nanoTime();
    }
    boolean saved = false;
    try {
      claim.check();
      sync();
      folder.save(state);
      saved = true;
    } finally {
      if (!saved) {
        synchronized (book) {
          changed = true;
        }
      }
    }
  }

  @Override
  public BitSet have() {
    synchronized (book) {
      return held.bits();
    }
  }

  @Override
  public long heldBytes() {
    synchronized (book) {
      return heldBytes;
    }
  }

  @Override
  public int crc(int chunk) {
    synchronized (book) {
      return held.crc(chunk);
    }
  }

  @Override
  public boolean intact(int chunk) {
    int expected;
    synchronized (book) {
      if (!held.has(chunk)) {
        return false;
      }
      expected = held.crc(chunk);
    }
    try {
      return PartFolder.crc(data, grid.chunk(chunk)) == expected;
    } catch (IOException e) {
      throw failed(e, "read");
    }
  }

  @Override
  public void lose(BitSet chunks) {
    synchronized (book) {
      for (int i = chunks.nextSetBit(0); i >= 0; i = chunks.nextSetBit(i + 1)) {
        if (held.has(i)) {
          held.remove(i);
          heldBytes -= grid.chunk(i).length();
          changed = true;
        }
      }
    }
    checkpoint();
  }

  @Override
  public int read(long offset, byte[] into, int from, int length) {
    try {
      return data.read(offset, into, from, length);
    } catch (IOException e) {
      throw failed(e, "read");
    }
  }

  @Override
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  @Override
  public void close() {
    try {
      checkpoint();
    } finally {
      try {
        shut();
      } finally {
        claim.close();
      }
    }
  }

  @Override
  public void discard() {
    try {
      shut();
      folder.delete();
    } catch (IOException e) {
      throw StorageFailure.of(e, "delete", folder.path());
    } finally {
      claim.close();
    }
  }

  @Override
  Path whole() throws IOException {
    claim.check();
    sync();
    return data.path();
  }

  @Override
  void placed() throws IOException {
    try {
      shut();
      folder.delete();
    } finally {
      claim.close();
    }
  }

  private void shut() {
    synchronized (saving) {
      synchronized (book) {
        if (closed) {
          return;
        }
        closed = true;
        try {
          journal.close();
          data.close();
        } catch (IOException e) {
          throw StorageFailure.of(e, "close", data.path());
        }
      }
    }
  }

  private void checkUsable() {
    if (failure != null) {
      throw failure;
    }
    if (closed || unsafe) {
      throw StorageFailure.told(
          "the unfinished download was closed", data.path(), "run the same command again");
    }
  }

  private FailureException failed(IOException e, String doing) {
    long kept = heldBytes();
    return StorageFailure.of(
        e,
        doing,
        data.path(),
        grid.blobSize() - kept,
        "run the same command again; " + StorageFailure.human(kept) + " are kept");
  }
}
