package dev.exodl.download;

import dev.exodl.store.Caches;
import java.nio.file.Path;

/**
 * What a node that only serves is to share.
 *
 * @param caches Hugging Face caches: the folders that hold {@code models--org--name}
 * @param offline never ask the hub, not even for a listing that another node wants
 */
public record ServeRequest(Caches caches, boolean offline) {
  /** What one cache holds. */
  public ServeRequest(Path cacheRoot, boolean offline) {
    this(Caches.one(cacheRoot), offline);
  }
}
