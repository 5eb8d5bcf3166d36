package dev.exodl.store;

import dev.exodl.store.DiskSteps.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The few operations that what we promise about crashes is built from, each announced to the {@link
 * DiskSteps}.
 */
final class Disk {
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private final DiskSteps steps;

  Disk(DiskSteps steps) {
    this.steps = steps;
  }

  DiskSteps steps() {
    return steps;
  }

  /**
   * Writes a new file and brings it to the medium. Its mode is that of a fresh file under the
   * umask.
   */
  void writeNew(Path path, byte[] content, boolean sync) throws IOException {
    try (FileChannel channel = FileChannel.open(path, NEW)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      steps.done(Step.WRITTEN, path);
      if (sync) {
        channel.force(true);
        steps.done(Step.FILE_SYNCED, path);
      }
    }
  }

  /** Replaces what is at {@code to}; a link there is replaced itself. Atomic. */
  void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    steps.done(Step.RENAMED, to);
  }

  /** Brings the folder's entries to the medium, where the system can do that. */
  void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows cannot open a folder, and some network and FUSE file systems refuse fsync on one.
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    steps.done(Step.FOLDER_SYNCED, folder);
  }

  /** Deletes a file, link or empty folder if it is there. */
  boolean delete(Path path) throws IOException {
    boolean was = Files.deleteIfExists(path);
    if (was) {
      steps.done(Step.DELETED, path);
    }
    return was;
  }

  /** Deletes a folder of ours with the files in it; links in it are deleted, not followed. */
  void deleteFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      delete(folder);
      return;
    }
    try (var entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        deleteFolder(entry);
      }
    }
    delete(folder);
  }

  /** The device of a path, or of the folder that it would be made in; empty when it is not told. */
  static OptionalLong device(Path path) {
    try {
      for (@Nullable Path p = path; p != null; p = p.getParent()) {
        if (Files.exists(p)) {
          return OptionalLong.of(((Number) Files.getAttribute(p, "unix:dev")).longValue());
        }
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Then nothing is taken to be on it.
    }
    return OptionalLong.empty();
  }
}
