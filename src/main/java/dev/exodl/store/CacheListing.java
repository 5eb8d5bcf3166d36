package dev.exodl.store;

import java.nio.file.Path;
import java.util.List;

/**
 * What is in a cache.
 *
 * @param root its folder, links resolved
 * @param repos by type and id
 * @param warnings folders that could not be understood, a line for each
 */
public record CacheListing(Path root, List<CachedRepo> repos, List<String> warnings) {
  /** What all repos take on the disk, unfinished downloads not counted. */
  public long bytes() {
    return repos.stream().mapToLong(CachedRepo::bytes).sum();
  }
}
