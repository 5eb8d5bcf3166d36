package dev.exodl.download;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.store.Target;

/** Sees that a disk has room, before the first byte is written. */
final class Space {
  private Space() {}

  /**
   * Does nothing when there is enough, or when it cannot be told.
   *
   * @param needed bytes that will be written
   * @param minFree bytes that have to stay free
   * @throws FailureException storage failure that tells both
   */
  static void check(Target target, long needed, long minFree) {
    long free = target.freeBytes();
    if (needed > 0 && free >= 0 && free - minFree < needed) {
      String keep = minFree > 0 ? " and " + Bytes.text(minFree) + " are to stay free" : "";
      throw new FailureException(
          new Failure.Storage(
              Bytes.text(needed) + " are needed" + keep + ", but " + Bytes.text(free) + " are free",
              target.root().toString(),
              "free space, or name another place with --cache-dir or --local-dir"));
    }
  }
}
