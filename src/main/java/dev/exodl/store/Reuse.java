package dev.exodl.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where on this host content is looked for before it is fetched, and how it is brought in.
 *
 * @param folders of other programs, only read; those that are not there count for nothing
 * @param memory the file that remembers digests between runs; empty for none
 */
public record Reuse(List<Path> folders, Link link, Optional<Path> memory) {
  /** Nothing is looked for. */
  public static final Reuse NONE = new Reuse(List.of(), Link.COPY, Optional.empty());

  public Reuse {
    folders = List.copyOf(folders);
  }

  /** The same, and before all others in these folders. */
  public Reuse first(List<Path> more) {
    return new Reuse(
        Stream.concat(more.stream(), folders.stream()).distinct().toList(), link, memory);
  }
}
