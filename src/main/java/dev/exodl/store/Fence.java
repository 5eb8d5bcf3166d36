package dev.exodl.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps what we do inside a root folder: below it no link is followed, neither for looking nor for
 * writing. The root itself may be a link, users do that. Someone who swaps folders for links while
 * we run could still win a race: whoever can do that can write the folder anyway.
 */
final class Fence {
  private final Path root;

  /** A fence around a folder that need not exist yet. */
  Fence(Path root) {
    this.root = real(root.toAbsolutePath().normalize());
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      Path parent = path.getParent();
      Path name = path.getFileName();
      return parent == null || name == null ? path : real(parent).resolve(name);
    }
  }

  Path root() {
    return root;
  }

  /** The folder that a path is in; for paths below a root there always is one. */
  static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "a path below a root has a folder");
  }

  /** What is at the path, itself not followed when it is a link; empty when there is nothing. */
  Optional<BasicFileAttributes> look(Path path) {
    if (!open(path)) {
      return Optional.empty();
    }
    return stat(path);
  }

  /**
   * Whether the path can be looked at: all folders above it, up to the root, exist and are folders.
   */
  private boolean open(Path path) {
    Path relative = inside(path);
    Path at = root;
    for (int i = 0; i < relative.getNameCount() - 1; i++) {
      at = at.resolve(relative.getName(i));
      Optional<BasicFileAttributes> found = stat(at);
      if (found.isEmpty()) {
        return false;
      }
      mustBeFolder(at, found.get());
    }
    return true;
  }

  /** Makes the folder and those above it. */
  Path folder(Path folder) {
    try {
      Files.createDirectories(root);
    } catch (IOException e) {
      throw StorageFailure.of(e, "make the folder", root);
    }
    Path relative = inside(folder);
    Path at = root;
    for (Path name : relative) {
      if (name.toString().isEmpty()) {
        continue;
      }
      at = at.resolve(name);
      Optional<BasicFileAttributes> found = stat(at);
      if (found.isEmpty()) {
        make(at);
      } else {
        mustBeFolder(at, found.get());
      }
    }
    return folder;
  }

  private void make(Path folder) {
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      // Another thread or process was faster, perhaps with something that is no folder.
      stat(folder).ifPresent(found -> mustBeFolder(folder, found));
    } catch (IOException e) {
      throw StorageFailure.of(e, "make the folder", folder);
    }
  }

  private Path inside(Path path) {
    if (!path.startsWith(root) || !path.normalize().equals(path)) {
      throw StorageFailure.told(
          "refused a path outside of " + root, path, "report it: this is a bug");
    }
    return root.relativize(path);
  }

  private static void mustBeFolder(Path path, BasicFileAttributes found) {
    if (found.isSymbolicLink()) {
      throw StorageFailure.told(
          "refused to follow a symbolic link that stands where a folder is needed",
          path,
          "remove the link, or choose another folder");
    }
    if (!found.isDirectory()) {
      throw StorageFailure.told(
          "a file is where a folder is needed",
          path,
          "move that file away, then run the same command again");
    }
  }

  private static Optional<BasicFileAttributes> stat(Path path) {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StorageFailure.of(e, "look at it", path);
    }
  }
}
