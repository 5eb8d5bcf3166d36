package dev.exodl.fetch;

import dev.exodl.model.Chunk;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.RepoFile;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A file in memory: its own sink. Tells in {@link #faults} whatever the contract forbids. */
final class MemoryWork implements FileWork, ChunkSink {
  final RepoFile file;
  final byte[] bytes;
  final BitSet have = new BitSet();
  final List<String> faults = new ArrayList<>();
  final List<BitSet> badOnce = new ArrayList<>();
  int opened;
  int finished;
  private final ChunkGrid grid;

  MemoryWork(RepoFile file, int chunkSize) {
    this.file = file;
    this.bytes = new byte[(int) file.size()];
    this.grid = new ChunkGrid(file.size(), chunkSize);
  }

  @Override
  public RepoFile file() {
    return file;
  }

  @Override
  public synchronized Optional<Unfinished> open(Runnable waiting) {
    opened++;
    return Optional.of(new Unfinished(this, (BitSet) have.clone()));
  }

  @Override
  public synchronized BitSet whole() {
    finished++;
    if (have.cardinality() != grid.count()) {
      faults.add("finished with " + have.cardinality() + " of " + grid.count());
    }
    if (badOnce.isEmpty()) {
      return new BitSet();
    }
    BitSet bad = badOnce.removeFirst();
    have.andNot(bad);
    return bad;
  }

  @Override
  public ChunkGrid grid() {
    return grid;
  }

  @Override
  public synchronized void write(long offset, byte[] from, int start, int length) {
    if (have.get(grid.indexOf(offset))) {
      faults.add("wrote into held chunk " + grid.indexOf(offset));
    }
    System.arraycopy(from, start, bytes, (int) offset, length);
  }

  @Override
  public synchronized void held(Chunk chunk, int crc32c) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, (int) chunk.offset(), chunk.length());
    if ((int) crc.getValue() != crc32c) {
      faults.add("wrong checksum of chunk " + chunk.index());
    }
    have.set(chunk.index());
  }
}
