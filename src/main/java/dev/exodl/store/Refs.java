package dev.exodl.store;

import dev.exodl.model.Commit;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Which commit a cache or a local dir has last seen a revision at. */
public final class Refs {
  private Refs() {}

  /**
   * The commit in {@code refs/<revision>}; empty when there is no such ref or it does not hold a
   * commit.
   */
  public static Optional<Commit> read(Path cacheRoot, Repo repo, Revision revision) {
    if (revision.isCommit()) {
      return Optional.of(new Commit(revision.name()));
    }
    Fence fence = new Fence(cacheRoot);
    return commit(fence, RepoFolder.of(fence.root(), repo).ref(revision));
  }

  /**
   * The commit that a revision was when the repo was last synced to a local dir; empty when that is
   * not known, or cannot be read.
   */
  public static Optional<Commit> inLocalDir(Path dir, Repo repo, Revision revision) {
    if (revision.isCommit()) {
      return Optional.of(new Commit(revision.name()));
    }
    Fence fence = new Fence(dir);
    try {
      return commit(fence, localRef(fence, repo, revision));
    } catch (FailureException e) {
      // There is the cache's to fall back on.
      return Optional.empty();
    }
  }

  /** The ref's file in a local dir, which only this program reads: other clients keep none. */
  static Path localRef(Fence dir, Repo repo, Revision revision) {
    Path refs = LocalDirTarget.workshop(dir.root()).resolve("refs");
    return refs.resolve(repo.folderName()).resolve(revision.name());
  }

  /**
   * Brings the ref to the commit. Nothing is written when it is there already: the folder may be
   * read-only.
   */
  static void keep(Fence fence, Placing placing, Path ref, Commit commit) {
    if (!commit(fence, ref).equals(Optional.of(commit))) {
      placing.text(ref, commit.hex().getBytes(StandardCharsets.US_ASCII), true);
      placing.sync();
    }
  }

  private static Optional<Commit> commit(Fence fence, Path ref) {
    return fence.look(ref).filter(found -> found.isRegularFile()).flatMap(found -> commit(ref));
  }

  /** The commit that a ref's file holds. */
  static Optional<Commit> commit(Path ref) {
    try (var in = Files.newInputStream(ref, LinkOption.NOFOLLOW_LINKS)) {
      String text = new String(in.readNBytes(200), StandardCharsets.ISO_8859_1).strip();
      return Optional.of(new Commit(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StorageFailure.of(e, "read the ref", ref);
    }
  }
}
