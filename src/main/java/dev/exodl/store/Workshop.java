package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The folder in which the parts of one repo or local dir are worked on. */
final class Workshop {
  /** Blobs up to this size are not worth a state and a claim. */
  private static final int SMALL = 8 << 20;

  private static final long POLL_MILLIS = 200;

  private final Fence fence;
  private final Path path;
  private final Disk disk;
  private final LockService locks;

  Workshop(Fence fence, Path path, Disk disk, LockService locks) {
    this.fence = fence;
    this.path = path;
    this.disk = disk;
    this.locks = locks;
  }

  Path path() {
    return path;
  }

  /** Makes the folder. */
  void open() {
    fence.folder(path);
  }

  /** A path for a new file that no other process uses. */
  Path fresh() {
    return path.resolve("new." + ProcessHandle.current().pid() + "." + Names.nonce());
  }

  /** What {@link #openPart} needs to know of a blob. */
  record Wanted(BlobId blob, ChunkGrid grid, boolean anew, List<Path> prefixes) {}

  /**
   * Opens a blob's part, or begins one.
   *
   * @param there asked before each try: what makes the part unnecessary
   */
  Opened openPart(Wanted wanted, Supplier<Optional<Presence>> there, LockWaiter waiter) {
    open();
    if (wanted.grid().count() <= 1 && wanted.grid().blobSize() <= SMALL) {
      return there
          .get()
          .<Opened>map(Opened.AlreadyThere::new)
          .orElseGet(
              () -> new Opened.Part(new SmallPart(wanted.blob(), wanted.grid(), fresh(), disk)));
    }
    long began = System.nanoTime();
    while (true) {
      Optional<Presence> presence = there.get();
      if (presence.isPresent()) {
        return new Opened.AlreadyThere(presence.get());
      }
      LockService.Attempt attempt =
          locks.tryLock(path.resolve(Names.LOCK), Names.lockPosition(wanted.blob()));
      if (attempt instanceof LockService.Attempt.Got lock) {
        return claimed(wanted, there, new Claim(lock));
      }
      String owner = "another process";
      if (!waiter.waiting(owner, java.time.Duration.ofNanos(System.nanoTime() - began))
          || !pause()) {
        return new Opened.Busy(owner);
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(POLL_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Opened claimed(Wanted wanted, Supplier<Optional<Presence>> there, Claim claim) {
    boolean open = false;
    try {
      // Whoever had the claim before may have finished.
      Optional<Presence> presence = there.get();
      if (presence.isPresent()) {
        return new Opened.AlreadyThere(presence.get());
      }
      PartFile part = recover(wanted, claim);
      open = true;
      return new Opened.Part(part);
    } catch (IOException e) {
      throw StorageFailure.of(
          e,
          "open the unfinished download",
          path.resolve(wanted.blob().hex()),
          wanted.grid().blobSize(),
          "run the same command again");
    } finally {
      if (!open) {
        claim.close();
      }
    }
  }

  private PartFile recover(Wanted wanted, Claim claim) throws IOException {
    Path mine = path.resolve(Names.part(wanted.blob(), Names.nonce()));
    boolean fresh = true;
    for (Path old : parts(wanted.blob())) {
      if (wanted.anew() || !fresh) {
        disk.deleteFolder(old);
      } else {
        disk.rename(old, mine);
        fresh = false;
      }
    }
    if (fresh) {
      Files.createDirectory(mine);
    }
    disk.syncFolder(path);
    PartFolder folder = new PartFolder(mine, disk);
    PartFolder.Recovered found = folder.recover(wanted.blob(), wanted.grid(), this::setAside);
    if (fresh && !wanted.anew()) {
      found = Prefix.adopt(found, wanted.prefixes());
    }
    return new ChunkedPart(folder, found, claim);
  }

  /** The folders of a blob's parts, the one that was worked on last first. */
  List<Path> parts(BlobId blob) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(path, blob.hex() + ".*")) {
      for (Path entry : entries) {
        if (Names.PART.matcher(String.valueOf(entry.getFileName())).matches()
            && fence.look(entry).orElseThrow().isDirectory()) {
          found.add(entry);
        }
      }
    }
    found.sort(Comparator.comparingLong(Workshop::lastWorkedOn).reversed());
    return found;
  }

  private static long lastWorkedOn(Path part) {
    @Nullable Path state = part.resolve("state");
    try {
      return Files.getLastModifiedTime(Files.exists(state) ? state : part).toMillis();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Moves a state file away, unedited. The tenth replaces the ninth. */
  private Path setAside(Path state) throws IOException {
    String part = String.valueOf(Fence.parent(state).getFileName());
    String etag = part.substring(0, part.indexOf('.'));
    Path aside = path.resolve(etag + ".state.damaged-1");
    for (int n = 2; n <= 9 && Files.exists(aside); n++) {
      aside = path.resolve(etag + ".state.damaged-" + n);
    }
    disk.rename(state, aside);
    return aside;
  }

  /** Bytes that unfinished downloads of the blob hold, by what their states and journals say. */
  long heldBytes(BlobId blob, long size) {
    if (fence.look(path).isEmpty()) {
      return 0;
    }
    try {
      List<Path> parts = parts(blob);
      return parts.isEmpty() ? 0 : new PartFolder(parts.getFirst(), disk).heldBytes(blob, size);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Whether symbolic links can be made here. */
  boolean tryLink() {
    open();
    Path probe = fresh();
    try {
      Files.createSymbolicLink(probe, Path.of("lock"));
      disk.delete(probe);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /**
   * Deletes what dead processes left and nobody will use. Not finding or not managing is no
   * failure.
   */
  void tidy() {}
}
