package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import dev.exodl.store.StateFile.BlobBytes;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that came since the last checkpoint, each appended with one write and never synced: it
 * survives the kill of this process, and perhaps a power loss. So what it says is a hint, believed
 * only after the chunk was read and fits. Its bytes are in docs/state-file.md. Not safe for use by
 * several threads.
 */
final class Journal implements AutoCloseable {
  static final int VERSION = 1;
  static final int HEAD = 8 + 4 + 8 + BlobBytes.LENGTH + 8 + 4 + 4;
  static final int RECORD = 4 + 4 + 4;

  private static final byte[] MAGIC = "EXODLJN\n".getBytes(StandardCharsets.US_ASCII);

  private final Path path;
  private final long generation;
  private final BlobId blob;
  private final ChunkGrid grid;
  private final DiskSteps steps;
  private @Nullable OpenFile file;
  private long length;

  /** A journal that begins with its first record. */
  Journal(Path path, long generation, BlobId blob, ChunkGrid grid, DiskSteps steps) {
    this.path = path;
    this.generation = generation;
    this.blob = blob;
    this.grid = grid;
    this.steps = steps;
  }

  /** One chunk and the checksum of its bytes. */
  record Entry(int chunk, int crc) {}

  /** What a journal on disk says. */
  record Content(long generation, BlobId blob, ChunkGrid grid, List<Entry> entries) {}

  long generation() {
    return generation;
  }

  void append(int chunk, int crc) throws IOException {
    byte[] record = record(generation, chunk, crc);
    OpenFile open = file;
    if (open == null) {
      open = OpenFile.open(path, steps);
      file = open;
    }
    if (length == 0) {
      // The header goes out with the first record, in one write; again when that failed.
      byte[] head = head();
      record = ByteBuffer.allocate(HEAD + RECORD).put(head).put(record).array();
    }
    open.write(length, record, 0, record.length);
    length += record.length;
  }

  private byte[] head() {
    ByteBuffer out = ByteBuffer.allocate(HEAD);
    out.put(MAGIC).putInt(VERSION).putLong(generation);
    BlobBytes.put(out, blob);
    out.putLong(grid.blobSize()).putInt(grid.chunkSize());
    return out.putInt(StateFile.crc(out.array(), HEAD - 4)).array();
  }

  private static byte[] record(long generation, int chunk, int crc) {
    return ByteBuffer.allocate(RECORD)
        .putInt(chunk)
        .putInt(crc)
        .putInt(check(generation, chunk, crc))
        .array();
  }

  private static int check(long generation, int chunk, int crc) {
    return StateFile.crc(
        ByteBuffer.allocate(16).putLong(generation).putInt(chunk).putInt(crc).array(), 16);
  }

  /** Reads a journal up to the first byte that is not right; empty when its header is not. */
  static Optional<Content> read(Path path) throws IOException {
    try {
      return parse(StateFile.bytes(path));
    } catch (StateFile.Damaged e) {
      return Optional.empty();
    }
  }

  static Optional<Content> parse(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte[] magic = new byte[MAGIC.length];
      in.get(magic);
      if (!Arrays.equals(magic, MAGIC) || in.getInt() != VERSION) {
        return Optional.empty();
      }
      long generation = in.getLong();
      BlobId blob = BlobBytes.get(in);
      long size = in.getLong();
      int chunkSize = in.getInt();
      if (in.getInt() != StateFile.crc(bytes, HEAD - 4)) {
        return Optional.empty();
      }
      ChunkGrid grid = new ChunkGrid(size, chunkSize);
      return Optional.of(new Content(generation, blob, grid, entries(in, generation, grid)));
    } catch (BufferUnderflowException | StateFile.Damaged | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<Entry> entries(ByteBuffer in, long generation, ChunkGrid grid) {
    List<Entry> entries = new ArrayList<>();
    while (in.remaining() >= RECORD) {
      int chunk = in.getInt();
      int crc = in.getInt();
      if (in.getInt() != check(generation, chunk, crc) || chunk < 0 || chunk >= grid.count()) {
        break;
      }
      entries.add(new Entry(chunk, crc));
    }
    return entries;
  }

  @Override
  public void close() throws IOException {
    OpenFile open = file;
    if (open != null) {
      open.close();
    }
  }
}
