package dev.exodl.share;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Serves one file to measure it: {@code java ... dev.exodl.share.ServeMain FILE}. Prints the port
 * and serves whatever blob is asked for until its input ends.
 */
final class ServeMain {
  private ServeMain() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    long size = Files.size(file);
    try (ChunkServer server =
        Shelves.serve(
            Shelves.settings(),
            (blob, range) -> range.end() <= size ? Optional.of(file) : Optional.empty())) {
      System.out.println(server.port());
      while (System.in.read() >= 0) {
        // Until the end.
      }
    }
  }
}
