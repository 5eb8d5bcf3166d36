package dev.exodl.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an owner file says, and when it was last touched.
 *
 * @param nonce names this ownership and the owner's part
 * @param locked whether the owner also holds the operating system's lock
 * @param process null when the file cannot be read
 * @param beat its modification time in ms, by the file system's clock
 */
record Owner(String nonce, boolean locked, @Nullable ProcessIdentity process, long beat) {
  private static final String VERSION = "exo-dl owner 1";

  /** What can be said of an owner's life. */
  enum Life {
    /** It may be working: hands off. */
    ALIVE,
    /** It has ended, for certain. Nobody writes its part. */
    DEAD,
    /** It has not been heard of for long. It may wake up and write. */
    SILENT
  }

  /** Tells the time in ms. */
  interface Clock {
    long now() throws IOException;
  }

  static byte[] encode(String nonce, boolean locked) {
    List<String> lines = new ArrayList<>(List.of(VERSION, nonce, locked ? "locked" : "no lock"));
    lines.addAll(ProcessIdentity.mine().lines());
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The owner that a file names; empty when there is none. */
  static Optional<Owner> read(Path file) throws IOException {
    try {
      List<String> lines;
      // Opening comes first: NFS then asks the server for the attributes instead of believing its
      // cache.
      try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        lines = new String(in.readNBytes(2000), StandardCharsets.UTF_8).lines().toList();
      }
      long beat = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
      boolean whole = lines.size() == 9 && lines.getFirst().equals(VERSION);
      return Optional.of(
          whole
              ? new Owner(
                  lines.get(1),
                  lines.get(2).equals("locked"),
                  ProcessIdentity.of(lines.subList(3, 9)).orElse(null),
                  beat)
              : new Owner("", false, null, beat));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Judges from here.
   *
   * @param weHoldLock whether we got the lock that this owner would hold
   * @param clock the file system's, asked only when nothing else tells
   */
  Life life(boolean weHoldLock, Clock clock, Duration silence) throws IOException {
    ProcessIdentity mine = ProcessIdentity.mine();
    if (process != null && process.visibleHere()) {
      // A process of another user may be hidden from us; the lock then has to agree.
      if (!process.alive() && (weHoldLock || process.user().equals(mine.user()))) {
        return Life.DEAD;
      }
    } else if (process != null && process.sameKernel(mine) && locked && weHoldLock) {
      // In another container. One kernel never gives a lock twice.
      return Life.DEAD;
    }
    return clock.now() - beat > silence.toMillis() ? Life.SILENT : Life.ALIVE;
  }

  String told() {
    return process == null ? "another process" : process.told();
  }
}
