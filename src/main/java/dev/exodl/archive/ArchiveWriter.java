package dev.exodl.archive;

import dev.exodl.model.BlobId;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import dev.exodl.verify.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.function.IntConsumer;

/** Writes an archive: first its contents, then each blob in the order that they tell, the end. */
public final class ArchiveWriter {
  private static final int BUFFER = 1 << 20;

  private final OutputStream to;
  private final byte[] buffer = new byte[BUFFER];

  public ArchiveWriter(OutputStream to) {
    this.to = to;
  }

  public void contents(Contents contents) throws IOException {
    byte[] bytes = contents.encode();
    to.write(TarHeader.file(Contents.NAME, bytes.length));
    to.write(bytes);
    pad(bytes.length);
  }

  /**
   * Copies a blob and digests it on the way.
   *
   * @param from not closed
   * @param where {@code from} reads, for failures
   * @param copied told how many bytes were copied; what it throws ends the copy
   * @throws FailureException integrity failure when it is not the blob
   */
  public void blob(BlobId blob, long size, InputStream from, String where, IntConsumer copied)
      throws IOException {
    to.write(TarHeader.file(name(blob), size));
    BlobDigest digest = BlobDigest.of(blob, size);
    long left = size;
    while (left > 0) {
      int got = read(from, (int) Math.min(buffer.length, left), where);
      if (got < 0) {
        break;
      }
      to.write(buffer, 0, got);
      digest.update(buffer, 0, got);
      copied.accept(got);
      left -= got;
    }
    if (left > 0 || read(from, 1, where) >= 0 || !digest.matches()) {
      throw new FailureException(
          new Failure.Integrity(
              "the copy on this disk has not the hash that the hub lists",
              where,
              "see what is wrong with 'exo-dl verify', mend it, then run the same command again"));
    }
    pad(size);
  }

  private int read(InputStream from, int most, String where) {
    try {
      return from.read(buffer, 0, most);
    } catch (IOException e) {
      throw unread(e, where);
    }
  }

  /** The failure for a blob that cannot be read: it is not the archive that is in trouble. */
  public static FailureException unread(IOException e, String where) {
    String why = e instanceof NoSuchFileException ? "it is gone" : String.valueOf(e.getMessage());
    return new FailureException(
        new Failure.Storage(
            "cannot read the copy on this disk: " + Printable.of(why),
            where,
            "see what is wrong with 'exo-dl verify', mend it, then run the same command again"),
        e);
  }

  /** Writes what ends a tar file. */
  public void end() throws IOException {
    to.write(new byte[2 * TarHeader.UNIT]);
    to.flush();
  }

  private void pad(long size) throws IOException {
    to.write(new byte[TarHeader.padding(size)]);
  }

  static String name(BlobId blob) {
    return ArchiveReader.BLOBS + blob.hex();
  }
}
