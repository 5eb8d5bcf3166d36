package dev.exodl.cluster;

import java.util.function.Consumer;

/** Does what may throw anything, for a thread that has to go on after it. */
public final class Safely {
  private Safely() {}

  /**
   * Does it.
   *
   * @param trouble begins the line that tells what was thrown
   */
  public static void run(Runnable what, String trouble, Consumer<String> detail) {
    try {
      what.run();
    } catch (RuntimeException | Error e) {
      try {
        detail.accept(trouble + ": " + e);
      } catch (RuntimeException | Error again) {
        // Nobody is there to be told.
      }
    }
  }
}
