package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.ChunkGrid;
import dev.exodl.model.FailureException;
import dev.exodl.model.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The folder in which the parts of one repo or local dir are worked on. */
final class Workshop {
  /** Blobs up to this size are not worth a state and a claim. */
  private static final int SMALL = 8 << 20;

  private final Fence fence;
  private final Path path;
  private final Disk disk;
  private final Claims claims;
  private final Succession succession;
  private final Map<BlobId, List<Path>> elsewhere = new ConcurrentHashMap<>();

  Workshop(Fence fence, Path path, Disk disk, LockService locks, ClaimTimes times) {
    this.fence = fence;
    this.path = path;
    this.disk = disk;
    this.claims = new Claims(path, disk, locks, times);
    this.succession = new Succession(path, disk);
  }

  Path path() {
    return path;
  }

  /** Makes the folder. */
  void open() {
    fence.folder(path);
  }

  /** Deletes one of our own files. */
  void delete(Path file) {
    try {
      disk.delete(file);
    } catch (IOException e) {
      throw StorageFailure.of(e, "delete", file);
    }
  }

  /** Parts of other workshops, from which chunks may be copied; only read. */
  void lookAlso(Map<BlobId, List<Path>> parts) {
    parts.forEach(
        (blob, folders) ->
            elsewhere.put(
                blob, folders.stream().filter(p -> !Fence.parent(p).equals(path)).toList()));
  }

  /** A path for a new file that no other process uses. */
  Path fresh() {
    return path.resolve(Names.fresh());
  }

  /**
   * What {@link #openPart} needs to know of a blob.
   *
   * @param spread how its bytes are spread over the part's file; null when they just follow each
   *     other
   */
  record Wanted(
      BlobId blob, ChunkGrid grid, boolean anew, List<Path> prefixes, @Nullable Spread spread) {
    Wanted(BlobId blob, ChunkGrid grid, boolean anew, List<Path> prefixes) {
      this(blob, grid, anew, prefixes, null);
    }

    boolean isSmall() {
      return grid.count() <= 1 && grid.blobSize() <= SMALL && spread == null;
    }
  }

  /**
   * Opens a blob's part, or begins one.
   *
   * @param there asked before each try: what makes the part unnecessary
   */
  Opened openPart(Wanted wanted, Supplier<Optional<Presence>> there, LockWaiter waiter) {
    open();
    long began = System.nanoTime();
    while (true) {
      Optional<Presence> presence = there.get();
      if (presence.isPresent()) {
        return new Opened.AlreadyThere(presence.get());
      }
      if (wanted.isSmall()) {
        return new Opened.Part(new SmallPart(wanted.blob(), wanted.grid(), fresh(), disk));
      }
      switch (claims.tryClaim(wanted.blob())) {
        case Claims.Tried.Claimed(Claim claim) -> {
          return claimed(wanted, there, claim);
        }
        case Claims.Tried.Taken(String owner) -> {
          Duration since = Duration.ofNanos(System.nanoTime() - began);
          if (!waiter.waiting(owner, since) || !pause()) {
            return new Opened.Busy(owner);
          }
        }
      }
    }
  }

  private boolean pause() {
    try {
      Thread.sleep(claims.times().poll());
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
      PartFile part =
          succession.open(wanted, claim, elsewhere.getOrDefault(wanted.blob(), List.of()));
      open = true;
      return new Opened.Part(part);
    } catch (IOException e) {
      throw StorageFailure.of(
          e,
          "open the unfinished download",
          path.resolve(Names.part(wanted.blob(), claim.nonce())),
          wanted.grid().blobSize(),
          "run the same command again");
    } finally {
      if (!open) {
        claim.close();
      }
    }
  }

  /** Bytes that unfinished downloads of the blob hold, by what their states and journals say. */
  long heldBytes(BlobId blob, long size) {
    return heldBytes(blob, size, null);
  }

  /** As the other, of bytes that are spread over the part's file, if so. */
  long heldBytes(BlobId blob, long size, @Nullable Spread spread) {
    if (fence.look(path).isEmpty()) {
      return 0;
    }
    try {
      List<Path> parts = Succession.find(path, blob, Names.PART);
      if (parts.isEmpty()) {
        return 0;
      }
      return new PartFolder(parts.getFirst(), spread, disk)
          .claimed(blob, size)
          .map(claimed -> claimed.held().bytes(claimed.grid()))
          .orElse(0L);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Whether symbolic links can be made here. */
  boolean tryLink() {
    open();
    Path probe = fresh();
    try {
      Files.createSymbolicLink(probe, Path.of(Names.LOCK));
      disk.delete(probe);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /**
   * Deletes what dead processes left and nobody will use: new files that never got their name, and
   * parts of blobs that are whole by now. What cannot be deleted stays for pruning.
   */
  void tidy(Predicate<BlobId> isWhole) {
    try {
      if (fence.look(path).filter(found -> found.isDirectory()).isEmpty()) {
        return;
      }
      Set<String> blobs = new TreeSet<>();
      try (var entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          String name = String.valueOf(entry.getFileName());
          if (Names.isFresh(name)) {
            tidyFresh(entry, name);
          }
          Names.blob(name).ifPresent(blobs::add);
        }
      }
      for (String hex : blobs) {
        BlobId blob = BlobId.of(hex);
        if (isWhole.test(blob)) {
          tidyParts(blob);
        }
      }
    } catch (IOException | FailureException e) {
      // It is not what the user asked for.
    }
  }

  private void tidyFresh(Path entry, String name) throws IOException {
    Instant touched = Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toInstant();
    if (Names.isAbandoned(name) || touched.isBefore(Instant.now().minus(Duration.ofDays(1)))) {
      disk.delete(entry);
    }
  }

  private void tidyParts(BlobId blob) throws IOException {
    if (claims.tryClaim(blob) instanceof Claims.Tried.Claimed(Claim claim)) {
      try (claim) {
        for (Path part : Succession.find(path, blob, Names.PART)) {
          disk.deleteFolder(part);
        }
        for (Path part : Succession.find(path, blob, Names.SILENT)) {
          disk.deleteFolder(part);
        }
      }
    }
  }
}
