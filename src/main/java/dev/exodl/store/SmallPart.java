package dev.exodl.store;

import dev.exodl.fetch.ChunkCrc;
import dev.exodl.model.BlobId;
import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.zip.Checksum;

/**
 * A blob of at most one chunk: written under a name of its own, with neither state nor claim. When
 * two processes fetch it at once both do it, and the second rename changes nothing. A killed one
 * starts again.
 */
final class SmallPart extends PartFile {
  private final BlobId blob;
  private final ChunkGrid grid;
  private final OpenFile file;
  private final Disk disk;
  private volatile boolean held;
  private volatile int crc;
  private volatile boolean closed;

  SmallPart(BlobId blob, ChunkGrid grid, Path path, Disk disk) {
    this.blob = blob;
    this.grid = grid;
    this.disk = disk;
    try {
      this.file = OpenFile.open(path, disk.steps());
    } catch (IOException e) {
      throw StorageFailure.of(
          e, "make the file", path, grid.blobSize(), "run the same command again");
    }
  }

  @Override
  public BlobId blob() {
    return blob;
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public ChunkGrid grid() {
    return grid;
  }

  @Override
  public void write(long offset, byte[] bytes, int from, int length) {
    try {
      file.write(offset, bytes, from, length);
    } catch (IOException e) {
      throw StorageFailure.of(
          e, "write", file.path(), grid.blobSize(), "run the same command again");
    }
  }

  @Override
  public void held(Chunk chunk, int crc32c) {
    crc = crc32c;
    held = true;
  }

  @Override
  public BitSet have() {
    BitSet have = new BitSet();
    have.set(0, held ? 1 : 0);
    return have;
  }

  @Override
  public long heldBytes() {
    return held ? grid.blobSize() : 0;
  }

  @Override
  public int crc(int chunk) {
    return crc;
  }

  @Override
  public boolean intact(int chunk) {
    byte[] bytes = new byte[(int) grid.blobSize()];
    Checksum check = ChunkCrc.create();
    check.update(bytes, 0, read(0, bytes, 0, bytes.length));
    return held && (int) check.getValue() == crc;
  }

  @Override
  public void lose(BitSet chunks) {
    held &= !chunks.get(0);
  }

  @Override
  public int read(long offset, byte[] into, int from, int length) {
    try {
      return file.read(offset, into, from, length);
    } catch (IOException e) {
      throw StorageFailure.of(e, "read", file.path());
    }
  }

  @Override
  public void checkpoint() {
    // Nothing of it would be used by another run.
  }

  @Override
  public List<String> remarks() {
    return List.of();
  }

  @Override
  public void close() {
    discard();
  }

  @Override
  public void discard() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      file.close();
      disk.delete(file.path());
    } catch (IOException e) {
      throw StorageFailure.of(e, "delete", file.path());
    }
  }

  @Override
  Path whole() throws IOException {
    file.sync();
    return file.path();
  }

  @Override
  void placed() throws IOException {
    closed = true;
    file.close();
  }
}
