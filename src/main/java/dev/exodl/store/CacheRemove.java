package dev.exodl.store;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Plans what to delete when a repo, or some of its revisions, shall go. */
public final class CacheRemove {
  private CacheRemove() {}

  /**
   * Everything of a repo.
   *
   * @throws FailureException not found when the cache does not have it
   */
  public static Removal repo(Path cacheRoot, Repo repo) {
    return whole(cacheRoot, existing(cacheRoot, repo));
  }

  /**
   * One revision: its snapshot, the refs that lead to it, and the blobs that no other snapshot
   * uses. The whole repo when it has no other.
   *
   * @param revision a ref's name, a commit or the beginning of one (at least 4 digits)
   * @throws FailureException not found when the cache does not have it, usage failure when it may
   *     be several
   */
  public static Removal revision(Path cacheRoot, Repo repo, String revision) {
    CachedRepo cached = existing(cacheRoot, repo);
    List<CachedRepo.CachedRevision> named =
        cached.revisions().stream().filter(r -> isNamed(r, revision)).toList();
    if (named.isEmpty()) {
      throw new FailureException(
          new Failure.NotFound(
              "the cache has no revision " + revision + " of " + repo,
              cached.path().toString(),
              "see what there is with: exo-dl cache ls -v"));
    }
    if (named.size() > 1) {
      throw new FailureException(
          new Failure.Usage(
              revision + " is the beginning of " + named.size() + " commits",
              cached.path().toString(),
              "give more of its digits"));
    }
    if (cached.revisions().size() == 1) {
      return whole(cacheRoot, cached);
    }
    Path root = new Fence(cacheRoot).root();
    return new Removal(root, parts(cached, named.getFirst()::equals), List.of());
  }

  private static boolean isNamed(CachedRepo.CachedRevision cached, String revision) {
    return cached.refs().contains(revision)
        || (revision.length() >= 4 && cached.commit().hex().startsWith(revision));
  }

  private static CachedRepo existing(Path cacheRoot, Repo repo) {
    Path root = new Fence(cacheRoot).root();
    return CacheScan.scan(root, repo)
        .orElseThrow(
            () ->
                new FailureException(
                    new Failure.NotFound(
                        "the cache has no " + repo,
                        root.toString(),
                        "see what there is with: exo-dl cache ls")));
  }

  static Removal whole(Path cacheRoot, CachedRepo cached) {
    Path root = new Fence(cacheRoot).root();
    long bytes = cached.bytes() + cached.unfinishedBytes();
    Removal.Item item = new Removal.Item(cached.repo(), cached.path(), "the repo", bytes);
    return new Removal(root, List.of(item), List.of());
  }

  /** What goes with those revisions of a repo that {@code gone} chooses, others staying. */
  static List<Removal.Item> parts(CachedRepo cached, Predicate<CachedRepo.CachedRevision> gone) {
    RepoFolder folder = new RepoFolder(cached.path());
    List<Removal.Item> items = new ArrayList<>();
    Set<Path> kept = new HashSet<>();
    Set<Path> freed = new HashSet<>();
    for (CachedRepo.CachedRevision revision : cached.revisions()) {
      if (!gone.test(revision)) {
        kept.addAll(revision.blobs());
        continue;
      }
      freed.addAll(revision.blobs());
      for (String ref : revision.refs()) {
        items.add(item(cached, folder.refs().resolve(ref), "the ref " + ref, 0));
      }
      String commit = revision.commit().hex();
      items.add(item(cached, revision.path(), "the revision " + commit, revision.ownBytes()));
      items.add(item(cached, folder.tree(revision.commit()), "the listing of " + commit, 0));
      items.add(item(cached, folder.told(revision.commit()), "who told the listing", 0));
      items.add(item(cached, folder.missing(revision.commit()), "what " + commit + " has not", 0));
    }
    freed.removeAll(kept);
    freed.stream()
        .sorted()
        .forEach(blob -> items.add(item(cached, blob, "a blob", Placing.size(blob))));
    return items.stream()
        .filter(item -> Files.exists(item.path(), LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  static Removal.Item item(CachedRepo cached, Path path, String what, long bytes) {
    return new Removal.Item(cached.repo(), path, what, bytes);
  }
}
