package dev.exodl.cli.show;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Whether a standard stream is a terminal; Java's console tells of stdin and stdout only, and both
 * at once.
 */
public final class Tty {
  private Tty() {}

  /**
   * Asks the system.
   *
   * @param descriptor 0 stdin, 1 stdout, 2 stderr
   */
  public static boolean is(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return test(descriptor);
    }
  }

  /** Systems without /proc: a child that inherits our streams is asked. */
  private static boolean test(int descriptor) {
    try {
      Process process =
          new ProcessBuilder("test", "-t", Integer.toString(descriptor)).inheritIO().start();
      return process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
