package dev.exodl.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of another program that had the wanted content when it was digested.
 *
 * @param stamp of the file before and after it was read
 * @param settled whether a later write would show in the stamp
 * @param named whether its name is the hash of its content, as in the stores of the hub's clients
 *     and of Ollama: their programs write such a file once and never again
 */
public record HostCopy(Path path, Stamp stamp, boolean settled, boolean named) {
  /** Whether nobody wrote to it since. */
  public boolean isUnchanged() {
    try {
      return Stamp.of(path).equals(stamp);
    } catch (IOException e) {
      return false;
    }
  }
}
