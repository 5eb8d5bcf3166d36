package dev.exodl.download;

import dev.exodl.model.Failure;

/** What is told of a repo that not everybody may read, in a cluster without a key. */
final class NotOpen {
  static final String NEXT =
      "if it is not for everybody, make a key with 'exo-dl cluster keygen' and give it to all nodes"
          + " with --cluster-key, or run without --cluster";

  private NotOpen() {}

  static Failure failure(String repo, String where) {
    return new Failure.Auth(
        "not everybody may read "
            + repo
            + ", and a cluster without a key shares only what anybody may read",
        where,
        NEXT);
  }
}
