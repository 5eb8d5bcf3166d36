package dev.exodl.store;

/** How content that another program has on this host is brought in. */
public enum Link {
  /**
   * By reflink; else a large file that is named by its own hash becomes a hard link in the cache;
   * else it is copied.
   */
  AUTO,
  /** By reflink, else it is copied. */
  REFLINK,
  /** By hard link where it is large and the file system takes one, else it is copied. */
  HARD,
  /** Copied, always. */
  COPY
}
