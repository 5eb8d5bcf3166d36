package dev.exodl.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A folder that goes with all that is in it when it is closed, from whatever thread. */
record TempFolder(Path path) implements AutoCloseable {
  private static final int TRIES = 20;

  static TempFolder in(Path parent) throws IOException {
    return new TempFolder(Files.createTempDirectory(parent, "exo-dl-demo-"));
  }

  /** Removes it. Someone may still be writing there who is about to stop: tries for a second. */
  @Override
  public void close() {
    for (int i = 0; i < TRIES; i++) {
      try {
        remove();
        return;
      } catch (IOException e) {
        if (!slept()) {
          return;
        }
      }
    }
  }

  private static boolean slept() {
    try {
      Thread.sleep(50);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void remove() throws IOException {
    if (Files.notExists(path)) {
      return;
    }
    // Links are not followed: what they lead to may be someone else's.
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
