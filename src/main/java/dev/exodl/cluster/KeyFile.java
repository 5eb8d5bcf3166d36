package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** The file of a cluster's key: what is asked of it before it is believed. */
final class KeyFile {
  private static final int LONGEST = 65_536;

  private KeyFile() {}

  /**
   * Refuses what is no file, or what others than this user and root can read or have written.
   *
   * @throws FailureException cluster failure that says what to do
   */
  static void check(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new FailureException(
          new Failure.Cluster(
              "the key file is not a regular file", file.toString(), "give the file itself"));
    }
    Set<PosixFilePermission> rights;
    int owner;
    int user;
    try {
      rights = Files.getPosixFilePermissions(file);
      owner = (Integer) Files.getAttribute(file, "unix:uid");
      user = user(owner);
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return; // A file system without such rights.
    }
    refuseIfOfAnotherUser(file, owner, user);
    refuseIfForOthers(file, rights, owner, user);
  }

  /**
   * Another user can use what is root's only as one of its group: so Kubernetes gives a secret to a
   * pod that is not root ({@code fsGroup}).
   */
  static void refuseIfForOthers(Path file, Set<PosixFilePermission> rights, int owner, int user) {
    Set<PosixFilePermission> more = EnumSet.noneOf(PosixFilePermission.class);
    more.addAll(rights);
    more.removeAll(
        Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE));
    if (owner == 0 && user != 0) {
      more.remove(PosixFilePermission.GROUP_READ);
    }
    if (!more.isEmpty()) {
      throw new FailureException(
          new Failure.Cluster(
              "the key file can be used by others than its owner",
              file.toString(),
              "run chmod 600 on it, and make a new key if others may have read it"));
    }
  }

  /** The user that this process runs as; {@code otherwise} where the system does not tell. */
  private static int user(int otherwise) throws IOException {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (NoSuchFileException | UnsupportedOperationException e) {
      return otherwise;
    }
  }

  static void refuseIfOfAnotherUser(Path file, int owner, int user) {
    if (owner != user && owner != 0) {
      throw new FailureException(
          new Failure.Cluster(
              "the key file belongs to user "
                  + owner
                  + ", who can read and change it; this is user "
                  + user,
              file.toString(),
              "give it to the user that runs exo-dl, or to root (chown)"));
    }
  }

  static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw ClusterKey.failure("the key file is not one of exo-dl: it is too long", file, null);
      }
      return new String(bytes, StandardCharsets.US_ASCII);
    }
  }
}
