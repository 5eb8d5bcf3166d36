package dev.exodl.model;

/**
 * How a blob is cut into chunks: all of {@code chunkSize} bytes but the last. An empty blob has no
 * chunk.
 *
 * @param blobSize bytes
 * @param chunkSize bytes, a power of two from 1 MiB to 64 MiB
 */
public record ChunkGrid(long blobSize, int chunkSize) {
  public static final int SMALLEST = 1 << 20;
  public static final int LARGEST = 64 << 20;

  /** A snapshot is cut into about this many chunks at most, so that have-maps stay small. */
  private static final long CHUNKS_WANTED = 4096;

  public ChunkGrid {
    boolean power = Integer.bitCount(chunkSize) == 1;
    if (blobSize < 0 || !power || chunkSize < SMALLEST || chunkSize > LARGEST) {
      throw new IllegalArgumentException("no grid: " + blobSize + " bytes by " + chunkSize);
    }
    if ((blobSize + chunkSize - 1) / chunkSize > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("too many chunks: " + blobSize + " bytes");
    }
  }

  /**
   * The chunk size for a snapshot of this many bytes: 1 MiB up to 4 GiB, then growing to 64 MiB at
   * 256 GiB.
   */
  public static int chunkSizeFor(long snapshotBytes) {
    long size = SMALLEST;
    while (size < LARGEST && size * CHUNKS_WANTED < snapshotBytes) {
      size *= 2;
    }
    return (int) size;
  }

  /** Number of chunks. */
  public int count() {
    return (int) ((blobSize + chunkSize - 1) / chunkSize);
  }

  /** The chunk with this number, which must be from 0 to {@code count() - 1}. */
  public Chunk chunk(int index) {
    if (index < 0 || index >= count()) {
      throw new IndexOutOfBoundsException("chunk " + index + " of " + count());
    }
    long offset = (long) index * chunkSize;
    return new Chunk(index, offset, (int) Math.min(chunkSize, blobSize - offset));
  }

  /** The number of the chunk that holds this byte. */
  public int indexOf(long offset) {
    return (int) (offset / chunkSize);
  }

  /** The first byte of chunk {@code index}; for {@code count()} the blob's size. */
  public long start(int index) {
    return Math.min((long) index * chunkSize, blobSize);
  }
}
