package dev.exodl.archive;

import dev.exodl.model.BlobId;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.verify.BlobDigest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An archive on its way to its name: {@code .NAME.exo-dl} beside it, locked. As equal contents are
 * equal bytes, what a run before has written is read back, and what of it is right is kept.
 */
public final class ArchiveFile implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  private final Path target;
  private final Path fresh;
  private final FileChannel channel;

  /** Up to here it is as it has to be. */
  private long right;

  private ArchiveFile(Path target, Path fresh, FileChannel channel) {
    this.target = target;
    this.fresh = fresh;
    this.channel = channel;
  }

  /**
   * Begins the file, or goes on with it.
   *
   * @throws FailureException storage failure when another process writes it
   */
  public static ArchiveFile open(Path asked) throws IOException {
    // A link is followed, as a shell would: /dev/stdout is one.
    Path target = Files.isSymbolicLink(asked) && Files.exists(asked) ? asked.toRealPath() : asked;
    Path folder = Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file's folder");
    Path fresh = folder.resolve("." + target.getFileName() + ".exo-dl");
    if (Files.isDirectory(target)) {
      throw new FailureException(
          new Failure.Storage(
              "a folder is where the archive is to be", target.toString(), "name a file in it"));
    }
    // The rename at the end would put a file in the place of a device that all programs use.
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new FailureException(
          new Failure.Storage(
              "what is where the archive is to be is no plain file",
              target.toString(),
              "write to it through a pipe: '-o - > " + target + "'"));
    }
    while (true) {
      boolean made = make(fresh);
      Object before = key(fresh);
      FileChannel channel = channel(fresh);
      if (channel == null) {
        continue;
      }
      boolean locked = false;
      try {
        if (channel.tryLock() == null) {
          throw taken(target);
        }
        // It may have been given its name, and be whole, since it was opened.
        locked = before != null && before.equals(key(fresh));
      } catch (OverlappingFileLockException e) {
        throw taken(target);
      } finally {
        if (!locked) {
          channel.close();
        }
      }
      if (locked) {
        ArchiveFile file = new ArchiveFile(target, fresh, channel);
        if (made || isOurs(fresh)) {
          return file;
        }
        file.close();
        throw new FailureException(
            new Failure.Storage(
                "what an export before left is not yours alone",
                fresh.toString(),
                "delete it, or export to a folder that only you can write to"));
      }
    }
  }

  private static boolean make(Path fresh) throws IOException {
    try {
      Files.createFile(fresh);
      return true;
    } catch (FileAlreadyExistsException e) {
      // A run before left it.
      return false;
    }
  }

  /**
   * Whether it is like a file that this process makes there: what somebody else put there he could
   * write to when it has its name, and what has another name too is perhaps no archive.
   */
  private static boolean isOurs(Path fresh) throws IOException {
    Path probe = Files.createTempFile(fresh.getParent(), ".exo-dl", null);
    try {
      return look(fresh).equals(look(probe));
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      // A system that does not tell.
      return true;
    } finally {
      Files.delete(probe);
    }
  }

  private static Map<String, Object> look(Path file) throws IOException {
    return Files.readAttributes(file, "unix:uid,nlink", LinkOption.NOFOLLOW_LINKS);
  }

  private static @Nullable FileChannel channel(Path fresh) throws IOException {
    try {
      return FileChannel.open(
          fresh, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static @Nullable Object key(Path fresh) throws IOException {
    try {
      return Files.readAttributes(fresh, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static FailureException taken(Path target) {
    return new FailureException(
        new Failure.Storage(
            "another process exports to this file", target.toString(), "wait for it to end"));
  }

  /** Whether a run before has written these contents. */
  public boolean holds(Contents contents) throws IOException {
    byte[] bytes = contents.encode();
    byte[] header = TarHeader.file(Contents.NAME, bytes.length);
    boolean held =
        holds(header, bytes.length) && Arrays.equals(read(header.length, bytes.length), bytes);
    return held ? keep(header.length, bytes.length) : drop();
  }

  /**
   * Whether a run before has written this blob, by its hash.
   *
   * @param digested told how many bytes were read; what it throws ends that
   */
  public boolean holds(BlobId blob, long size, IntConsumer digested) throws IOException {
    byte[] header = TarHeader.file(ArchiveWriter.name(blob), size);
    if (!holds(header, size)) {
      return drop();
    }
    BlobDigest digest = BlobDigest.of(blob, size);
    for (long at = 0; at < size; at += BUFFER) {
      byte[] bytes = read(header.length + at, (int) Math.min(BUFFER, size - at));
      digest.update(bytes, 0, bytes.length);
      digested.accept(bytes.length);
    }
    return digest.matches() ? keep(header.length, size) : drop();
  }

  /** Whether the header is there, and behind it as many bytes as have to be. */
  private boolean holds(byte[] header, long size) throws IOException {
    int padding = TarHeader.padding(size);
    return channel.size() - right >= header.length + size + padding
        && Arrays.equals(read(0, header.length), header)
        && TarHeader.isZeros(read(header.length + size, padding));
  }

  private byte[] read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && channel.read(bytes, right + offset + bytes.position()) >= 0) {
      // Until all is read.
    }
    return bytes.array();
  }

  private boolean keep(int header, long size) {
    right += header + size + TarHeader.padding(size);
    return true;
  }

  private boolean drop() throws IOException {
    channel.truncate(right);
    return false;
  }

  /** Writes behind what is held; asked for once, when it is known what that is. */
  public OutputStream out() throws IOException {
    channel.truncate(right);
    channel.position(right);
    return Channels.newOutputStream(channel);
  }

  /** All is written: brings it to the medium and gives it its name. */
  public long place() throws IOException {
    long size = channel.size();
    channel.force(true);
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder =
        FileChannel.open(
            Objects.requireNonNull(fresh.getParent(), "its folder"), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException e) {
      // Some file systems refuse that of a folder.
    }
    return size;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
