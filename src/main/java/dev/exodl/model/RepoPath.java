package dev.exodl.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A file's path inside its repo, checked: relative, with {@code /}, and safe to make on disk. */
public record RepoPath(String value) implements Comparable<RepoPath> {
  /** ext4, xfs, btrfs, zfs, tmpfs and APFS take 255 bytes a name. */
  private static final int LONGEST_NAME = 255;

  /** Linux' PATH_MAX is 4096 with the folder that the cache adds. */
  private static final int LONGEST_PATH = 3000;

  private static final Set<String> RESERVED =
      Set.of("con", "prn", "aux", "nul", "conin$", "conout$");

  /**
   * Checks a name that came from outside.
   *
   * @throws FailureException integrity failure that names the path and what is wrong with it
   */
  public RepoPath {
    if (value.isEmpty() || value.startsWith("/")) {
      throw hostile(value, value.isEmpty() ? "it is empty" : "it is absolute");
    }
    if (value.indexOf('\\') >= 0) {
      throw hostile(value, "it has a backslash");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw hostile(value, "it has a control character");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw hostile(value, "it is not valid Unicode");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw hostile(value, "it is longer than " + LONGEST_PATH + " bytes");
    }
    for (String name : value.split("/", -1)) {
      checkName(value, name);
    }
  }

  private static void checkName(String path, String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw hostile(path, "it has a segment '" + name + "'");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw hostile(path, "a name in it is longer than " + LONGEST_NAME + " bytes");
    }
    if (name.indexOf(':') >= 0) {
      throw hostile(path, "it has a colon, which names a drive or a stream on some systems");
    }
    if (name.endsWith(".") || name.endsWith(" ")) {
      throw hostile(path, "a name in it ends with a dot or a blank, which some systems drop");
    }
    int dot = name.indexOf('.');
    String stem = (dot < 0 ? name : name.substring(0, dot)).strip().toLowerCase(Locale.ROOT);
    if (RESERVED.contains(stem) || stem.matches("(com|lpt)[0-9\u00b9\u00b2\u00b3]")) {
      throw hostile(path, "'" + name + "' is a device on some systems");
    }
  }

  private static FailureException hostile(String path, String why) {
    return new FailureException(
        new Failure.Integrity(
            "refused the file name '" + Printable.of(path) + "': " + why,
            "the hub's listing",
            "nothing was written; report it to the repo's owner, or leave the file out with --exclude"));
  }

  /** The path's names from the outermost folder to the file. */
  public List<String> names() {
    return List.of(value.split("/"));
  }

  @Override
  public int compareTo(RepoPath other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
