package dev.exodl.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How much of a file is here. */
public sealed interface Presence {
  /** It is at its final path: the right blob, with the right size. */
  record Visible(Path path) implements Presence {}

  /** Its content is on this disk at {@code source}, whole; {@link Target#link} puts it in place. */
  record BlobHere(Path source) implements Presence {}

  /**
   * A file with the right size is at the final path, but nothing says that its content is right.
   * Hash it, then either {@link Target#adopt} it or fetch the file.
   */
  record Check(Path path) implements Presence {}

  /**
   * It has to be fetched.
   *
   * @param disbelieved one line about something that is there, is not believed and will be
   *     replaced; usually null
   */
  record Missing(@Nullable String disbelieved) implements Presence {}
}
