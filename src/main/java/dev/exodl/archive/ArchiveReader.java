package dev.exodl.archive;

import dev.exodl.model.BlobId;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an archive, once and in order. What no archive has is refused: other names, links, devices,
 * sizes that do not fit, entries that are missing or there twice. All methods throw an integrity
 * failure for that, and a storage failure when it cannot be read.
 */
public final class ArchiveReader {
  static final String BLOBS = "blobs/";

  /** Bytes of the records before an entry, as other programs may write them too. */
  private static final int MOST_RECORDS = 64 << 10;

  /** Zeros that may follow the end: programs fill up to 10 KiB, some devices more. */
  private static final int MOST_ZEROS = 1 << 20;

  private final InputStream from;
  private final String where;

  /** Blobs that were not met yet, with their sizes. */
  private final Map<String, Long> expected = new HashMap<>();

  private long left;
  private int padding;

  /**
   * Begins to read.
   *
   * @param where it is, for failures
   */
  public ArchiveReader(InputStream from, String where) {
    this.from = from;
    this.where = where;
  }

  /** A blob that comes next. */
  public record Blob(BlobId id, long size) {}

  /** What the archive holds; called once, first. */
  public Contents contents() {
    try {
      TarHeader header = header().orElseThrow(() -> refused("it is empty"));
      if (!header.name().equals(Contents.NAME) || header.size() > Contents.LARGEST) {
        throw refused("it does not begin with " + Contents.NAME);
      }
      Contents contents = Contents.decode(bytes((int) header.size()));
      expected.putAll(contents.blobs());
      return contents;
    } catch (IllegalArgumentException e) {
      throw refused(Printable.of(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw unread(e);
    }
  }

  /** Goes to the next blob, also when not all of the last one was read; nothing at a good end. */
  public Optional<Blob> next() {
    try {
      skip(left + padding);
      left = 0;
      padding = 0;
      Optional<TarHeader> next = header();
      if (next.isEmpty()) {
        end();
        return Optional.empty();
      }
      TarHeader header = next.get();
      String name = header.name();
      String hex = name.startsWith(BLOBS) ? name.substring(BLOBS.length()) : "";
      Long size = expected.remove(hex);
      if (size == null) {
        throw refused(
            "it has an entry '"
                + Printable.of(name)
                + "', which its contents do not name, or not twice");
      }
      if (size != header.size()) {
        throw refused(
            "its entry " + name + " has " + header.size() + " bytes, and its contents say " + size);
      }
      left = size;
      padding = TarHeader.padding(size);
      return Optional.of(new Blob(BlobId.of(hex), size));
    } catch (IllegalArgumentException e) {
      throw refused(Printable.of(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw unread(e);
    }
  }

  /** Reads so many bytes of the blob; there have to be as many. */
  public void read(byte[] into, int length) {
    try {
      if (length > left) {
        throw new IllegalStateException("more than the blob has");
      }
      if (from.readNBytes(into, 0, length) < length) {
        throw new EOFException();
      }
      left -= length;
    } catch (IOException e) {
      throw unread(e);
    }
  }

  /** Passes over so many bytes of the blob; in a file they are not read. */
  public void pass(long length) {
    try {
      if (length > left) {
        throw new IllegalStateException("more than the blob has");
      }
      skip(length);
      left -= length;
    } catch (IOException e) {
      throw unread(e);
    }
  }

  private Optional<TarHeader> header() throws IOException {
    byte[] unit = unit();
    if (TarHeader.isZeros(unit)) {
      return Optional.empty();
    }
    if (isCompressed(unit)) {
      throw refused(
          "it is compressed: pipe what 'gzip -dc' (or zstd, xz) makes of it to 'exo-dl import -'");
    }
    TarHeader header = TarHeader.decode(unit);
    long size = -1;
    if (header.kind() == TarHeader.RECORDS) {
      if (header.size() > MOST_RECORDS) {
        throw refused("the records before an entry have " + header.size() + " bytes");
      }
      size = TarHeader.sizeIn(bytes((int) header.size()));
      header = TarHeader.decode(unit());
    }
    if (header.kind() != TarHeader.FILE) {
      throw refused(
          "its entry '" + Printable.of(header.name()) + "' is " + header.what() + ", not a file");
    }
    return Optional.of(size < 0 ? header : new TarHeader(header.name(), size, header.kind()));
  }

  /** By how files of gzip, zstd and xz begin. No name in an archive does. */
  private static boolean isCompressed(byte[] unit) {
    int begin = ByteBuffer.wrap(unit).getInt();
    return begin >>> 16 == 0x1f8b || begin == 0x28b52ffd || begin == 0xfd377a58;
  }

  private byte[] unit() throws IOException {
    byte[] unit = from.readNBytes(TarHeader.UNIT);
    if (unit.length < TarHeader.UNIT) {
      throw new EOFException();
    }
    return unit;
  }

  private byte[] bytes(int size) throws IOException {
    byte[] bytes = from.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException();
    }
    skip(TarHeader.padding(size));
    return bytes;
  }

  private void skip(long bytes) throws IOException {
    from.skipNBytes(bytes);
  }

  /** A second unit of zeros, and perhaps more zeros; whoever writes into a pipe gets to its end. */
  private void end() throws IOException {
    if (!TarHeader.isZeros(unit())) {
      throw refused("it has half an end");
    }
    byte[] rest = from.readNBytes(MOST_ZEROS);
    if (!TarHeader.isZeros(rest) || (rest.length == MOST_ZEROS && from.read() >= 0)) {
      throw refused("there is more after its end");
    }
    if (!expected.isEmpty()) {
      throw refused(
          expected.size()
              + " of the blobs that its contents name are not in it, one is "
              + expected.keySet().iterator().next());
    }
  }

  private FailureException refused(String why) {
    return new FailureException(
        new Failure.Integrity(
            "this is no archive that can be imported: " + why,
            where,
            "make it again with 'exo-dl export'; nothing of it that is not verified was made"
                + " visible"));
  }

  private FailureException unread(IOException e) {
    if (e instanceof EOFException) {
      return new FailureException(
          new Failure.Integrity(
              "the archive ends early",
              where,
              "copy all of it, then run the same command again; what was whole is kept"),
          e);
    }
    return new FailureException(
        new Failure.Storage(
            "cannot read the archive: " + Printable.of(String.valueOf(e.getMessage())),
            where,
            "mend that, then run the same command again; what was whole is kept"),
        e);
  }
}
