package dev.exodl.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of another program that had the wanted content when it was digested; or that is named by
 * its hash and will be digested when it is brought in.
 *
 * @param stamp of the file before and after it was read
 * @param settled whether a later write would show in the stamp
 * @param named whether its name is the hash of its content, as in the stores of the hub's clients
 *     and of Ollama: their programs write such a file once and never again
 * @param read whether it was digested, in this run or before
 */
public record HostCopy(Path path, Stamp stamp, boolean settled, boolean named, boolean read) {
  /** In bytes. */
  public long size() {
    return stamp.size();
  }

  /** Whether it has the content, as long as it has the stamp. */
  boolean isKnown() {
    return read && settled;
  }

  /** Whether nobody wrote to it since. */
  public boolean isUnchanged() {
    try {
      return Stamp.of(path).equals(stamp);
    } catch (IOException e) {
      return false;
    }
  }
}
