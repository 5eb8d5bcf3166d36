package dev.exodl.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a new file share its bytes with another one until either is written to, on file systems that
 * can (btrfs, XFS, bcachefs, ZFS). By the system's {@code cp}: Java cannot ask for it, and would
 * copy without a word where it does not work.
 */
final class Reflink {
  /** Devices from which it did not work. */
  private final Set<Long> refused = ConcurrentHashMap.newKeySet();

  /**
   * Makes {@code to}, a file that is not there yet, of the same content.
   *
   * @return false when it does not work here; then {@code to} is not there
   */
  boolean clone(HostCopy from, Path to) throws IOException {
    if (refused.contains(from.stamp().device())) {
      return false;
    }
    // Made here, so that its mode is that of a fresh file.
    Files.createFile(to);
    if (cp(from.path(), to)) {
      return true;
    }
    Files.deleteIfExists(to);
    refused.add(from.stamp().device());
    return false;
  }

  private static boolean cp(Path from, Path to) {
    try {
      Process cp =
          new ProcessBuilder("cp", "--reflink=always", "--", from.toString(), to.toString())
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return cp.waitFor() == 0;
      } catch (InterruptedException e) {
        cp.destroyForcibly();
        Thread.currentThread().interrupt();
        return false;
      }
    } catch (IOException e) {
      // No cp here.
      return false;
    }
  }
}
