package dev.exodl.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * What tells whether a file is still the one that was read: any write changes the times, and the
 * one of the last change cannot be set back by a program. Times are in nanoseconds.
 */
record Stamp(long device, long inode, long size, long modified, long changed) {
  private static final String ASKED = "unix:dev,ino,size,lastModifiedTime,ctime,isRegularFile";

  /** Some file systems count whole seconds, and a second write within one would not show. */
  private static final long COARSE = TimeUnit.SECONDS.toNanos(2);

  /** The clock that files get their times from moves on every 10 ms at least. */
  private static final long FINE = TimeUnit.MILLISECONDS.toNanos(100);

  /** The stamp of a regular file; a link in its place is refused. */
  static Stamp of(Path file) throws IOException {
    Map<String, Object> all = Files.readAttributes(file, ASKED, LinkOption.NOFOLLOW_LINKS);
    if (!Boolean.TRUE.equals(all.get("isRegularFile"))) {
      throw new NoSuchFileException(file.toString(), null, "it is no plain file");
    }
    return new Stamp(
        number(all, "dev"),
        number(all, "ino"),
        number(all, "size"),
        nanos(all, "lastModifiedTime"),
        nanos(all, "ctime"));
  }

  private static long number(Map<String, Object> all, String key) {
    return ((Number) Objects.requireNonNull(all.get(key), key)).longValue();
  }

  private static long nanos(Map<String, Object> all, String key) {
    return ((FileTime) Objects.requireNonNull(all.get(key), key)).to(TimeUnit.NANOSECONDS);
  }

  /** Whether a write after this moment would show in the times. */
  boolean isSettled() {
    long last = Math.max(modified, changed);
    long tick = changed % TimeUnit.SECONDS.toNanos(1) == 0 ? COARSE : FINE;
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - last > tick;
  }

  /** Whether the other is the same file with the same content; a new hard link changes ctime. */
  boolean hasContentOf(Stamp other) {
    return device == other.device
        && inode == other.inode
        && size == other.size
        && modified == other.modified;
  }
}
