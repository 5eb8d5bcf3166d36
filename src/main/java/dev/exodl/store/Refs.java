package dev.exodl.store;

import dev.exodl.model.Commit;
import dev.exodl.model.Repo;
import dev.exodl.model.Revision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** Which commit a cache has last seen a revision at. */
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
    Path ref = RepoFolder.of(fence.root(), repo).ref(revision);
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
