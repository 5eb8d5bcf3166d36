package dev.exodl.store;

import dev.exodl.fetch.ChunkCrc;
import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.zip.Checksum;

/**
 * What a part's state file says: these chunks of this blob are on the medium, with these checksums.
 * Its bytes are in docs/state-file.md.
 *
 * @param generation counts the checkpoints of this part; journals with a smaller one are obsolete
 * @param held the chunks, numbered within the grid
 */
record StateFile(BlobId blob, ChunkGrid grid, long generation, Held held) {
  static final int VERSION = 1;

  /** The only kind of checksum so far. */
  static final byte CRC32C_KIND = 1;

  private static final byte[] MAGIC = "EXODLST\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = 8 + 4 + 8 + BlobBytes.LENGTH + 8 + 4 + 1 + 3 + 4;

  /** Bytes: a million chunks, where a snapshot is cut into some thousands. */
  private static final int LARGEST = 4 << 20;

  /** The bytes are not a state file that this version can believe. */
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String why) {
      super(why);
    }
  }

  /**
   * The bytes of a state file or journal, which may be in somebody else's folder: of a plain file
   * only, and no more of them than any has.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   * @throws Damaged when it is something else
   */
  static byte[] bytes(Path file) throws IOException, Damaged {
    BasicFileAttributes found =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isRegularFile() || found.size() > LARGEST) {
      throw new Damaged("it is no plain file, or too large");
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(LARGEST);
    }
  }

  byte[] encode() {
    int count = grid.count();
    BitSet bits = held.bits();
    int bitBytes = (count + 7) / 8;
    ByteBuffer out = ByteBuffer.allocate(HEAD + bitBytes + 4 * held.count() + 4);
    out.put(MAGIC).putInt(VERSION).putLong(generation);
    BlobBytes.put(out, blob);
    out.putLong(grid.blobSize())
        .putInt(grid.chunkSize())
        .put(CRC32C_KIND)
        .put(new byte[3])
        .putInt(count);
    out.put(Arrays.copyOf(bits.toByteArray(), bitBytes));
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      out.putInt(held.crc(i));
    }
    return out.putInt(crc(out.array(), out.position())).array();
  }

  /**
   * Reads what {@link #encode()} wrote.
   *
   * @throws Damaged why the bytes cannot be believed: any byte changed, cut, added, or another
   *     version
   */
  static StateFile decode(byte[] bytes) throws Damaged {
    try {
      return read(bytes);
    } catch (BufferUnderflowException e) {
      throw new Damaged("it ends early");
    } catch (IllegalArgumentException e) {
      throw new Damaged("it holds impossible values");
    }
  }

  private static StateFile read(byte[] bytes) throws Damaged {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] magic = new byte[MAGIC.length];
    in.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new Damaged("it is not a state file of exo-dl");
    }
    int version = in.getInt();
    if (version != VERSION) {
      throw new Damaged("it has the unknown format version " + Integer.toUnsignedString(version));
    }
    if (bytes.length < HEAD + 4
        || ByteBuffer.wrap(bytes).getInt(bytes.length - 4) != crc(bytes, bytes.length - 4)) {
      throw new Damaged("its checksum is wrong");
    }
    long generation = in.getLong();
    BlobId blob = BlobBytes.get(in);
    ChunkGrid grid = new ChunkGrid(in.getLong(), in.getInt());
    if (in.get() != CRC32C_KIND) {
      throw new Damaged("it has an unknown kind of checksum");
    }
    in.position(in.position() + 3);
    int count = in.getInt();
    if (count != grid.count()) {
      throw new Damaged("its number of chunks is wrong");
    }
    if (count / 8 > in.remaining()) {
      throw new Damaged("it ends early");
    }
    byte[] bitBytes = new byte[(count + 7) / 8];
    in.get(bitBytes);
    BitSet bits = BitSet.valueOf(bitBytes);
    if (bits.length() > count) {
      throw new Damaged("it claims chunks beyond the end");
    }
    Held held = new Held(count);
    for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
      held.add(i, in.getInt());
    }
    if (in.remaining() != 4) {
      throw new Damaged("its length is wrong");
    }
    return new StateFile(blob, grid, generation, held);
  }

  static int crc(byte[] bytes, int length) {
    Checksum crc = ChunkCrc.create();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /**
   * A blob's id in 33 bytes: its kind (1 SHA-256, 2 git's SHA-1), then its hash with zeros after
   * it.
   */
  static final class BlobBytes {
    static final int LENGTH = 33;

    private BlobBytes() {}

    static void put(ByteBuffer out, BlobId blob) {
      byte kind =
          switch (blob) {
            case BlobId.Sha256 b -> 1;
            case BlobId.GitSha1 b -> 2;
          };
      out.put(kind).put(Arrays.copyOf(HexFormat.of().parseHex(blob.hex()), LENGTH - 1));
    }

    static BlobId get(ByteBuffer in) throws Damaged {
      byte kind = in.get();
      byte[] hash = new byte[LENGTH - 1];
      in.get(hash);
      return switch (kind) {
        case 1 -> new BlobId.Sha256(HexFormat.of().formatHex(hash));
        case 2 -> new BlobId.GitSha1(HexFormat.of().formatHex(hash, 0, 20));
        default -> throw new Damaged("it names an unknown kind of blob");
      };
    }
  }
}
