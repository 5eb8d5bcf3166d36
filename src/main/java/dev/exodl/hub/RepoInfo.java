package dev.exodl.hub;

import dev.exodl.model.Commit;

/**
 * What the hub says about a repo at a revision.
 *
 * @param id the id it has now; another than asked for when it was renamed
 * @param isPrivate whether only some users see it
 * @param isGated whether its files need an acceptance
 */
public record RepoInfo(Commit commit, String id, boolean isPrivate, boolean isGated) {
  /** Whether anybody may read it without a token. */
  public boolean isOpen() {
    return !isPrivate && !isGated;
  }
}
