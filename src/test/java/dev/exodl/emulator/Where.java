package dev.exodl.emulator;

/** The part of the hub that a request is for. */
public enum Where {
  /** {@code /api/…} but for resolve-cache. */
  HUB_API,
  /** {@code /{id}/resolve/…} and {@code /{id}/raw/…}. */
  RESOLVE,
  /** {@code /api/resolve-cache/…}, where git files are read after a relative redirect. */
  RESOLVE_CACHE,
  /** Signed URLs of LFS files. */
  CDN,
  /** Anything at the foreign host. */
  FOREIGN
}
