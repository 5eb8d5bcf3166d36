package dev.exodl.store;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoPath;
import dev.exodl.model.Revision;
import java.nio.file.Path;

/**
 * Where things are in a repo's folder of a Hugging Face cache; paths only. Source: hub-docs,
 * docs/hub/local-cache.md.
 */
record RepoFolder(Path path) {
  static final String WORKSHOP = ".exo-dl";

  static RepoFolder of(Path cacheRoot, Repo repo) {
    return new RepoFolder(cacheRoot.resolve(repo.folderName()));
  }

  Path blobs() {
    return path.resolve("blobs");
  }

  Path blob(BlobId blob) {
    return blobs().resolve(blob.hex());
  }

  /** What huggingface_hub up to 1.17 leaves of a broken download. */
  Path incomplete(BlobId blob) {
    return blobs().resolve(blob.hex() + ".incomplete");
  }

  Path refs() {
    return path.resolve("refs");
  }

  Path ref(Revision revision) {
    return refs().resolve(revision.name());
  }

  Path snapshots() {
    return path.resolve("snapshots");
  }

  Path snapshot(Commit commit) {
    return snapshots().resolve(commit.hex());
  }

  Path file(Commit commit, RepoPath file) {
    return snapshot(commit).resolve(file.value());
  }

  /** The commit's listing. */
  Path tree(Commit commit) {
    return trees().resolve(commit.hex() + ".json");
  }

  Path trees() {
    return path.resolve("trees");
  }

  /** Empty files for paths that the commit is known not to have. */
  Path missing(Commit commit) {
    return path.resolve(".no_exist").resolve(commit.hex());
  }

  /** Is there where somebody else than the hub told the commit's listing. */
  Path told(Commit commit) {
    return workshop().resolve(Names.told(commit));
  }

  Path workshop() {
    return path.resolve(WORKSHOP);
  }
}
