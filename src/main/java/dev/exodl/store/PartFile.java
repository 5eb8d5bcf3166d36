package dev.exodl.store;

import dev.exodl.fetch.ChunkSink;
import dev.exodl.model.BlobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/**
 * A blob on its way. Any number of threads may write and read different chunks at once. It is open
 * until {@link #close()}, which keeps what is held for the next run, or until it is placed or
 * {@link #discard() discarded}.
 *
 * <p>All methods throw a storage failure when the disk does not do what they need; after that the
 * part can only be closed.
 */
public abstract sealed class PartFile implements ChunkSink, AutoCloseable
    permits ChunkedPart, SmallPart {
  /** What its content has to be. */
  public abstract BlobId blob();

  /** The file that the bytes are in, each at its own offset, until it is placed. */
  public abstract Path path();

  /** The numbers of the chunks that are held; the caller's own copy. */
  public abstract BitSet have();

  /** The bytes in the chunks that are held. */
  public abstract long heldBytes();

  /** The CRC32C of a held chunk, as its first fetcher told it. */
  public abstract int crc(int chunk);

  /** Whether a held chunk on disk still has its checksum. Reads the chunk. */
  public abstract boolean intact(int chunk);

  /** The chunks turned out bad: they are no longer held, and that is on disk when this returns. */
  public abstract void lose(BitSet chunks);

  /** As {@link #lose(BitSet)} for one chunk. Each call saves the state: lose many at once. */
  public final void lose(int chunk) {
    BitSet one = new BitSet();
    one.set(chunk);
    lose(one);
  }

  /**
   * Reads what was written; where nothing was, zeros.
   *
   * @return the number of bytes read, less than {@code length} only at the file's end
   */
  public abstract int read(long offset, byte[] into, int from, int length);

  /**
   * Brings what is held to the medium and then says so in the state file. Runs by itself now and
   * then.
   */
  public abstract void checkpoint();

  /** What was found or done at opening that a user should know, each one line; often nothing. */
  public abstract List<String> remarks();

  /** Keeps what is held and lets go of the claim. Idempotent. */
  @Override
  public abstract void close();

  /** Deletes what there is and lets go of the claim. */
  public abstract void discard();

  /** Brings the whole content to the medium and returns where it is, ready to be renamed. */
  abstract Path whole() throws IOException;

  /** The content was renamed away: deletes the rest and lets go of the claim. */
  abstract void placed() throws IOException;
}
