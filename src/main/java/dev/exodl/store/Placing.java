package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.verify.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What both kinds of target do: bring things to their final names inside the fence, and remember
 * what was seen.
 */
final class Placing {
  private final Fence fence;
  private final Disk disk;
  private final Workshop workshop;
  private final Set<Path> unsynced = ConcurrentHashMap.newKeySet();
  private final Map<BlobId, Path> seen = new ConcurrentHashMap<>();

  Placing(Fence fence, Disk disk, Workshop workshop) {
    this.fence = fence;
    this.disk = disk;
    this.workshop = workshop;
  }

  /** A visible copy of the blob was found or made. */
  Presence.Visible see(BlobId blob, Path path) {
    seen.put(blob, path);
    return new Presence.Visible(path);
  }

  /** A copy of the blob that was seen and is still there. */
  Optional<Path> seen(BlobId blob, long size) {
    Path path = seen.get(blob);
    return path != null && isWhole(path, size) ? Optional.of(path) : Optional.empty();
  }

  /** Whether a visible copy of the blob was found or made in this run. */
  boolean isSeen(BlobId blob) {
    return seen.containsKey(blob);
  }

  /** Whether a real file of this size is at the path. */
  static boolean isWhole(Path path, long size) {
    try {
      return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == size;
    } catch (IOException e) {
      return false;
    }
  }

  /** The size of a file in bytes; 0 when it cannot be told. */
  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Makes the folder for a file and refuses when a folder has the file's own name. */
  Path ready(Path file) {
    fence.folder(Fence.parent(file));
    fence
        .look(file)
        .filter(found -> found.isDirectory())
        .ifPresent(
            found -> {
              throw StorageFailure.told(
                  "a folder is where a file is needed",
                  file,
                  "move that folder away, then run the same command again");
            });
    return file;
  }

  /** Renames a whole part to its final name and lets go of it. */
  void move(PartFile part, Path to) {
    ready(to);
    try {
      disk.rename(part.whole(), to);
      if (part instanceof ChunkedPart) {
        disk.syncFolder(Fence.parent(to));
      } else {
        // One sync at the end does for thousands of small files.
        unsynced.add(Fence.parent(to));
      }
      part.placed();
    } catch (IOException e) {
      throw StorageFailure.of(e, "place the file", to);
    }
  }

  /** Gives a whole, verified and synced new file its final name. */
  void renamed(Path fresh, Path to) throws IOException {
    disk.rename(fresh, to);
    unsynced.add(Fence.parent(to));
  }

  /** Puts a link at the path, atomically; one that is there is replaced. */
  void symlink(Path at, Path to) {
    ready(at);
    workshop.open();
    Path fresh = workshop.fresh();
    try {
      Files.createSymbolicLink(fresh, Fence.parent(at).relativize(to));
      disk.rename(fresh, at);
      unsynced.add(Fence.parent(at));
    } catch (IOException e) {
      throw StorageFailure.of(e, "make the link", at);
    }
  }

  /**
   * Copies a whole blob to the path, atomically, and checks its hash on the way: it may be old, or
   * another program's.
   */
  void copy(Path from, RepoFile file, Path to) {
    ready(to);
    workshop.open();
    Path fresh = workshop.fresh();
    try {
      if (!copyBytes(from, file, fresh)) {
        throw new FailureException(
            new Failure.Integrity(
                "the copy on this disk has not the hash of " + file.path(),
                from.toString(),
                "delete it and run the same command again"));
      }
      disk.rename(fresh, to);
      unsynced.add(Fence.parent(to));
    } catch (IOException e) {
      throw StorageFailure.of(e, "copy " + from, to, file.size(), "run the same command again");
    } finally {
      try {
        disk.delete(fresh);
      } catch (IOException e) {
        // The next run's tidying finds it.
      }
    }
  }

  /** Not transferTo: it would hold a virtual thread's carrier for as long as the copy takes. */
  private boolean copyBytes(Path from, RepoFile file, Path to) throws IOException {
    BlobDigest digest = BlobDigest.of(file.blob(), file.size());
    byte[] buffer = new byte[1 << 20];
    long copied = 0;
    try (InputStream in = Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS);
        OpenFile out = OpenFile.open(to, disk.steps())) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        if (copied + got > file.size()) {
          return false;
        }
        out.write(copied, buffer, 0, got);
        digest.update(buffer, 0, got);
        copied += got;
      }
      out.sync();
    }
    return copied == file.size() && digest.matches();
  }

  /**
   * Writes a small text file, atomically.
   *
   * @param sync bring it to the medium first; not needed for what is only believed when it makes
   *     sense
   */
  void text(Path at, byte[] content, boolean sync) {
    ready(at);
    workshop.open();
    Path fresh = workshop.fresh();
    try {
      disk.writeNew(fresh, content, sync);
      disk.rename(fresh, at);
      unsynced.add(Fence.parent(at));
    } catch (IOException e) {
      throw StorageFailure.of(e, "write", at);
    }
  }

  /**
   * Writes a mark for other programs unless something has its name. What it cannot write is not
   * missed.
   */
  void tag(Path at, byte[] content) {
    try {
      if (fence.look(at).isEmpty()) {
        text(at, content, false);
      }
    } catch (FailureException e) {
      // A folder that may only be read.
    }
  }

  /** Brings the names of all that was placed to the medium. */
  void sync() {
    // In order: "blobs" before "snapshots", so that a link is not there before what it leads to.
    for (Path folder : unsynced.stream().sorted().toList()) {
      try {
        disk.syncFolder(folder);
        unsynced.remove(folder);
      } catch (IOException e) {
        throw StorageFailure.of(e, "sync the folder", folder);
      }
    }
  }

  /** The kept listing; one that lies behind a link is none. */
  Optional<List<RepoFile>> listing(Path trees, Commit commit) {
    Path file = trees.resolve(commit.hex() + ".json");
    return fence
        .look(file)
        .filter(found -> found.isRegularFile())
        .flatMap(found -> TreeFile.read(file));
  }

  void keepListing(Path trees, Commit commit, Collection<RepoFile> all) {
    text(trees.resolve(commit.hex() + ".json"), TreeFile.encode(all), false);
  }
}
