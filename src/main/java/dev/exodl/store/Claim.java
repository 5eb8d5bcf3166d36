package dev.exodl.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The right to work on one blob's part, until closed. */
final class Claim implements AutoCloseable {
  private final Path ownerFile;
  private final String nonce;
  private final Former former;
  private final OpenFile mine;
  private final LockService.Attempt.@Nullable Got lock;
  private final Disk disk;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ScheduledFuture<?> heartbeat;

  /** Who had the claim and did not give it back. */
  sealed interface Former {
    /** The last owner closed its part, or there was none. */
    record Nobody() implements Former {}

    /** It ended: what it left can be taken as it is. */
    record Dead(String nonce) implements Former {}

    /** It may wake up and write what it left: that can only be copied. */
    record Silent(String nonce) implements Former {}
  }

  Claim(
      Path ownerFile,
      String nonce,
      Former former,
      OpenFile mine,
      LockService.Attempt.@Nullable Got lock,
      Disk disk,
      ClaimTimes times) {
    this.ownerFile = ownerFile;
    this.nonce = nonce;
    this.former = former;
    this.mine = mine;
    this.lock = lock;
    this.disk = disk;
    this.heartbeat = Heartbeats.every(times.heartbeat(), this::beat);
  }

  /** Names what this owner works on; nobody else writes files with it. */
  String nonce() {
    return nonce;
  }

  Former former() {
    return former;
  }

  /**
   * Touches our file by its descriptor: it never is another owner's, whatever the name stands for
   * now.
   */
  private void beat() {
    byte[] content = Owner.encode(nonce, lock != null);
    try {
      mine.write(0, content, 0, content.length);
      // Brings the time to the server of a network file system.
      mine.sync();
    } catch (IOException e) {
      // Then others will think that we are silent; check() tells.
    }
  }

  /** Throws a storage failure when another owner took over, because we seemed dead to it. */
  void check() throws IOException {
    Optional<Owner> owner = Owner.read(ownerFile);
    if (owner.isEmpty() || !owner.get().nonce().equals(nonce)) {
      throw StorageFailure.told(
          "another process took over this download, since this one was not heard of for a while",
          ownerFile,
          "run the same command again; it will go on with what is there");
    }
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    heartbeat.cancel(false);
    try {
      boolean ours = Owner.read(ownerFile).filter(o -> o.nonce().equals(nonce)).isPresent();
      if (ours) {
        disk.delete(ownerFile);
      }
      mine.close();
    } catch (IOException e) {
      // A file that stays names a process that will be dead, or silent.
    } finally {
      if (lock != null) {
        lock.release();
      }
    }
  }
}
