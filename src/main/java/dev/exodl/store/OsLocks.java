package dev.exodl.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * The operating system's record locks. Those of POSIX belong to the process and end when it closes
 * <em>any</em> descriptor of the file, so each lock file is opened once in a process and closed
 * with its last lock.
 */
final class OsLocks implements LockService {
  private static final Map<Path, Open> OPEN = new HashMap<>();

  private static final class Open {
    private final FileChannel channel;
    private int users;

    private Open(FileChannel channel) {
      this.channel = channel;
    }
  }

  @Override
  public Attempt tryLock(Path file, long position) {
    synchronized (OPEN) {
      try {
        Open open = OPEN.get(file);
        if (open == null) {
          open =
              new Open(
                  FileChannel.open(
                      file,
                      StandardOpenOption.CREATE,
                      StandardOpenOption.WRITE,
                      LinkOption.NOFOLLOW_LINKS));
          OPEN.put(file, open);
        }
        return lock(file, open, position);
      } catch (IOException e) {
        throw StorageFailure.of(e, "open the lock file", file);
      }
    }
  }

  private static Attempt lock(Path file, Open open, long position) throws IOException {
    Attempt attempt;
    try {
      FileLock lock = open.channel.tryLock(position, 1, false);
      attempt = lock == null ? new Attempt.Taken() : new Held(file, open, lock);
    } catch (OverlappingFileLockException e) {
      attempt = new Attempt.Taken();
    } catch (IOException e) {
      // ENOLCK, ENOSYS, EOPNOTSUPP: NFS without lockd, Lustre without -o flock, some FUSE file
      // systems.
      attempt = new Attempt.Unsupported();
    }
    if (attempt instanceof Held) {
      open.users++;
    } else {
      closeIfUnused(file, open);
    }
    return attempt;
  }

  private static void closeIfUnused(Path file, Open open) throws IOException {
    if (open.users == 0) {
      OPEN.remove(file);
      open.channel.close();
    }
  }

  private record Held(Path file, Open open, FileLock lock) implements Attempt.Got {
    @Override
    public void release() {
      synchronized (OPEN) {
        try {
          lock.release();
        } catch (IOException e) {
          // The system drops it with the channel or the process at the latest.
        }
        open.users--;
        try {
          closeIfUnused(file, open);
        } catch (IOException e) {
          throw StorageFailure.of(e, "close the lock file", file);
        }
      }
    }
  }
}
