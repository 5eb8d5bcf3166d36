package dev.exodl.store;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns errors of the disk into failures that say what to do. */
final class StorageFailure {
  /**
   * With less than this free a failed write is taken for a full disk, whatever language the
   * system's message is in.
   */
  private static final long NEARLY_FULL = 1 << 20;

  private StorageFailure() {}

  /**
   * The failure for an error that a second try may not meet.
   *
   * @param doing what was tried, as in "could not {@code doing}"
   * @param where the file or folder it was tried on
   */
  static FailureException of(IOException error, String doing, Path where) {
    return of(error, doing, where, 0, "run the same command again");
  }

  /**
   * The failure for an error.
   *
   * @param needed bytes that were still to be written, for a full disk; 0 when not known
   * @param then what to do after the cause is mended
   */
  static FailureException of(
      IOException error, String doing, Path where, long needed, String then) {
    String reason = reason(error);
    String low = reason.toLowerCase(Locale.ROOT);
    String what = "could not " + doing + ": ";
    if (error instanceof AccessDeniedException || low.contains("permission denied")) {
      return failure(
          error,
          what + "permission denied",
          where,
          "give yourself write access, or choose another folder");
    }
    if (low.contains("operation not permitted")) {
      return failure(
          error, what + "the file system does not permit it", where, "choose another folder");
    }
    if (low.contains("read-only")) {
      return failure(
          error,
          what + "the file system is read-only",
          where,
          "choose another folder, or mount it for writing");
    }
    if (error instanceof NotDirectoryException || low.contains("not a directory")) {
      return failure(
          error,
          what + "a file is where a folder is needed",
          where,
          "move that file away, then " + then);
    }
    if (low.contains("quota")) {
      return failure(
          error,
          what + "your quota on this file system is used up",
          where,
          "free space" + room(where, needed) + ", then " + then);
    }
    if (low.contains("no space left") || nearlyFull(where)) {
      return failure(
          error,
          what + "the disk is full",
          where,
          "free space" + room(where, needed) + ", then " + then);
    }
    if (low.contains("too many open files")) {
      return failure(
          error, what + "too many open files", where, "raise the limit (ulimit -n), then " + then);
    }
    if (low.contains("name too long")) {
      return failure(
          error,
          what + "the name is too long for this file system",
          where,
          "choose a shorter folder");
    }
    if (low.contains("file too large")) {
      return failure(
          error,
          what + "the file system or a limit does not allow so large a file",
          where,
          "choose another file system (FAT32 ends at 4 GiB), or raise ulimit -f");
    }
    if (low.contains("is a directory") || error instanceof DirectoryNotEmptyException) {
      return failure(
          error,
          what + "a folder is where a file is needed",
          where,
          "move that folder away, then " + then);
    }
    if (error instanceof NoSuchFileException) {
      return failure(error, what + "it is gone; something else deleted or moved it", where, then);
    }
    if (error instanceof FileAlreadyExistsException) {
      return failure(
          error,
          what + "something with that name is already there",
          where,
          "move it away, then " + then);
    }
    if (error instanceof AtomicMoveNotSupportedException || low.contains("cross-device")) {
      return failure(
          error,
          what + "its folders are on different file systems",
          where,
          "keep the whole target on one file system");
    }
    if (low.contains("input/output error")) {
      return failure(
          error,
          what + "the disk reports an input/output error",
          where,
          "check the disk (dmesg), then " + then);
    }
    return failure(error, what + Printable.of(reason), where, then);
  }

  /** A failure that is not an error of the disk. */
  static FailureException told(String what, Path where, String next) {
    return failure(null, what, where, next);
  }

  /**
   * Bytes that this user can still write at the path (its nearest folder that exists); -1 when it
   * cannot be told.
   */
  static long free(Path path) {
    for (@Nullable Path p = path.toAbsolutePath(); p != null; p = p.getParent()) {
      if (Files.exists(p)) {
        try {
          return Files.getFileStore(p).getUsableSpace();
        } catch (IOException e) {
          return -1;
        }
      }
    }
    return -1;
  }

  /** Whether nobody can write there, since the file system is mounted for reading only. */
  static boolean isReadOnly(Path path) {
    try {
      // What a file store tells is of the device, which may be mounted for writing elsewhere.
      path.getFileSystem().provider().checkAccess(path, AccessMode.WRITE);
      return false;
    } catch (IOException e) {
      return reason(e).toLowerCase(Locale.ROOT).contains("read-only");
    }
  }

  /** For people: {@code 512 bytes}, {@code 1.5 MB}, {@code 61.2 GB} (powers of 1000). */
  static String human(long bytes) {
    if (bytes < 1000) {
      return bytes + " bytes";
    }
    double value = bytes;
    int unit = -1;
    while (value >= 999.95 && unit < 4) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %cB", value, "kMGTP".charAt(unit));
  }

  private static boolean nearlyFull(Path where) {
    long free = free(where);
    return free >= 0 && free < NEARLY_FULL;
  }

  private static String room(Path where, long needed) {
    long free = free(where);
    String has = free < 0 ? "" : human(free) + " free";
    if (needed > 0) {
      return " (" + human(needed) + " more needed" + (has.isEmpty() ? "" : ", " + has) + ")";
    }
    return has.isEmpty() ? "" : " (" + has + ")";
  }

  private static String reason(IOException error) {
    if (error instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  private static FailureException failure(
      @Nullable IOException cause, String what, Path where, String next) {
    Failure failure = new Failure.Storage(what, Printable.of(where.toString()), next);
    return cause == null ? new FailureException(failure) : new FailureException(failure, cause);
  }
}
