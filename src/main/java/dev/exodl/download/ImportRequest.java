package dev.exodl.download;

import java.io.InputStream;
import java.nio.file.Path;

/**
 * An archive that is to be put into a cache.
 *
 * @param minFreeBytes what has to stay free on the disk
 */
public record ImportRequest(From from, Path cacheRoot, long minFreeBytes) {
  /** Where the archive comes from. */
  public sealed interface From {
    /** A file, in which what is here already is not read. */
    record File(Path path) implements From {}

    /** Whoever writes it. */
    record Stream(InputStream in) implements From {}
  }
}
