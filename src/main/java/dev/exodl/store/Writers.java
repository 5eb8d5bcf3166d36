package dev.exodl.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may write to a file. What somebody else may write to can change after it was verified, also
 * without a trace in its times (by a mapping that is open), and is not taken by its stamp alone.
 */
final class Writers {
  private static final String ASKED = "unix:uid,mode";
  private static final int OF_OTHERS = 0022;
  private static final int STICKY = 01000;
  private static final int RUNS_AS_OWNER = 06000;
  private static final int ROOT = 0;

  private Writers() {}

  /**
   * Whether only this user and root may write to the file or put another one in its place.
   *
   * @param file a real path: no link is in it
   */
  static boolean areOurs(Path file) {
    try {
      int me = me();
      if (!isOurs(file, me)) {
        return false;
      }
      for (@Nullable Path at = file.getParent(); at != null; at = at.getParent()) {
        if (!isOursOrSticky(at, me)) {
          return false;
        }
      }
      return true;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      // A system that tells no owners and modes.
      return false;
    }
  }

  /** Whether only this user and root may write to the file itself. */
  static boolean areOursAlone(Path file) throws IOException {
    return isOurs(file, me());
  }

  /** Whether it runs with the rights of its owner, which another name for it would keep alive. */
  static boolean runsAsOwner(Path file) throws IOException {
    return (number(look(file), "mode") & RUNS_AS_OWNER) != 0;
  }

  private static boolean isOurs(Path path, int me) throws IOException {
    Map<String, Object> found = look(path);
    return isKnown(found, me) && (number(found, "mode") & OF_OTHERS) == 0;
  }

  /** In a sticky folder nobody moves what belongs to somebody else. */
  private static boolean isOursOrSticky(Path folder, int me) throws IOException {
    Map<String, Object> found = look(folder);
    int mode = number(found, "mode");
    return isKnown(found, me) && ((mode & OF_OTHERS) == 0 || (mode & STICKY) != 0);
  }

  private static boolean isKnown(Map<String, Object> found, int me) {
    int owner = number(found, "uid");
    return owner == me || owner == ROOT;
  }

  private static Map<String, Object> look(Path path) throws IOException {
    return Files.readAttributes(path, ASKED, LinkOption.NOFOLLOW_LINKS);
  }

  private static int number(Map<String, Object> found, String key) {
    return found.get(key) instanceof Number number ? number.intValue() : -1;
  }

  /** The user that this process writes as; never asked for when the native binary is built. */
  private static int me() throws IOException {
    return number(Files.readAttributes(Path.of("/proc/self"), "unix:uid"), "uid");
  }
}
