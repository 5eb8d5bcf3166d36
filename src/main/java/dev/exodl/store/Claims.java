package dev.exodl.store;

import dev.exodl.model.BlobId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives out the claims of one workshop. Two things stand for a claim: the operating system's lock
 * on one byte of the file {@code lock}, which ends with its process, and the file {@code
 * <etag>.owner}, for file systems on which locks are missing or lie.
 * docs/adr/0003-locks-and-owners.md says what follows from which.
 */
final class Claims {
  private final Path workshop;
  private final Disk disk;
  private final LockService locks;
  private final ClaimTimes times;

  Claims(Path workshop, Disk disk, LockService locks, ClaimTimes times) {
    this.workshop = workshop;
    this.disk = disk;
    this.locks = locks;
    this.times = times;
  }

  /** What came of trying. */
  sealed interface Tried {
    record Claimed(Claim claim) implements Tried {}

    record Taken(String owner) implements Tried {}
  }

  ClaimTimes times() {
    return times;
  }

  /** Tries once; waits no longer than it takes to settle. The workshop must exist. */
  Tried tryClaim(BlobId blob) {
    Path file = workshop.resolve(Names.owner(blob));
    LockService.Attempt attempt =
        locks.tryLock(workshop.resolve(Names.LOCK), Names.lockPosition(blob));
    return switch (attempt) {
      case LockService.Attempt.Taken taken -> new Tried.Taken(told(file));
      case LockService.Attempt.Unsupported none -> tryOwn(file, null);
      case LockService.Attempt.Got lock -> {
        Tried tried = new Tried.Taken("another process");
        try {
          tried = tryOwn(file, lock);
        } finally {
          if (tried instanceof Tried.Taken) {
            lock.release();
          }
        }
        yield tried;
      }
    };
  }

  private static String told(Path file) {
    try {
      return Owner.read(file).map(Owner::told).orElse("another process");
    } catch (IOException e) {
      return "another process";
    }
  }

  private Tried tryOwn(Path file, LockService.Attempt.@Nullable Got lock) {
    try {
      Optional<Owner> before = Owner.read(file);
      if (before.isPresent()
          && before.get().life(lock != null, this::fileSystemClock, times.silence())
              == Owner.Life.ALIVE) {
        return new Tried.Taken(before.get().told());
      }
      return own(file, lock, before);
    } catch (IOException e) {
      throw StorageFailure.of(e, "claim the download", file);
    }
  }

  private Tried own(Path file, LockService.Attempt.@Nullable Got lock, Optional<Owner> before)
      throws IOException {
    String nonce = Names.nonce();
    byte[] content = Owner.encode(nonce, lock != null);
    Path fresh = workshop.resolve(Names.fresh());
    OpenFile mine = OpenFile.open(fresh, disk.steps());
    boolean ours = false;
    try {
      mine.write(0, content, 0, content.length);
      if (before.isEmpty()) {
        ours = putIfAbsent(fresh, file);
      } else {
        disk.rename(fresh, file);
        ours = settled(file, nonce, lock, before.get());
      }
      Claim.Former former =
          before.isPresent() ? former(before.get(), lock != null) : new Claim.Former.Nobody();
      return ours
          ? new Tried.Claimed(new Claim(file, nonce, former, mine.moved(file), lock, disk, times))
          : new Tried.Taken(told(file));
    } finally {
      disk.delete(fresh);
      if (!ours) {
        mine.close();
      }
    }
  }

  private Claim.Former former(Owner owner, boolean weHoldLock) throws IOException {
    // The clock does not matter: it was not alive a moment ago.
    Owner.Life life = owner.life(weHoldLock, () -> Long.MAX_VALUE, times.silence());
    return life == Owner.Life.DEAD
        ? new Claim.Former.Dead(owner.nonce())
        : new Claim.Former.Silent(owner.nonce());
  }

  /** Gives a file a name that nothing has; of several processes that try, one succeeds. */
  private boolean putIfAbsent(Path fresh, Path file) throws IOException {
    try {
      Files.createLink(file, fresh);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | IOException e) {
      // A file system without hard links. A rename would replace; only an exclusive creation tells
      // who was first.
      return moveIfAbsent(fresh, file);
    }
  }

  private boolean moveIfAbsent(Path fresh, Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    disk.rename(fresh, file);
    return true;
  }

  /**
   * Where no lock keeps others away, two may take over from the same owner: the later rename wins,
   * both see that here.
   */
  private boolean settled(
      Path file, String nonce, LockService.Attempt.@Nullable Got lock, Owner before)
      throws IOException {
    if (lock == null || former(before, lock != null) instanceof Claim.Former.Silent) {
      try {
        Thread.sleep(times.settle().toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Owner.read(file).filter(o -> o.nonce().equals(nonce)).isPresent();
  }

  /** The time of a file written just now; the clocks of two machines may differ by minutes. */
  private long fileSystemClock() throws IOException {
    Path probe = workshop.resolve(Names.fresh());
    try {
      disk.writeNew(probe, new byte[1], false);
      return Files.getLastModifiedTime(probe).toMillis();
    } finally {
      disk.delete(probe);
    }
  }
}
