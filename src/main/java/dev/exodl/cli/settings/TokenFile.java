package dev.exodl.cli.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file in which the hub's clients keep the token after a login. */
final class TokenFile {
  private static final long LARGEST = 64 * 1024;

  record Answer(Optional<String> token, Optional<String> warning) {}

  private TokenFile() {}

  /**
   * Reads the token; line breaks and blanks around it do not count, and an empty file is no token.
   */
  static Answer read(Path path) {
    try {
      if (!Files.exists(path)) {
        return new Answer(Optional.empty(), Optional.empty());
      }
      if (Files.size(path) > LARGEST) {
        return unread(path, "it is too long");
      }
      String text = Files.readString(path).replace("\r", "").replace("\n", "").strip();
      return new Answer(Optional.of(text).filter(t -> !t.isEmpty()), Optional.empty());
    } catch (IOException e) {
      return unread(path, String.valueOf(e.getMessage()));
    }
  }

  private static Answer unread(Path path, String why) {
    return new Answer(
        Optional.empty(),
        Optional.of(
            "cannot read the token file " + path + " (" + why + "); going on without a token"));
  }
}
