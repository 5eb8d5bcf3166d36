package dev.exodl.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plans what to delete to make room: revisions that no ref leads to, blobs that no snapshot uses,
 * and our unfinished downloads that nobody went on with. A repo that a process works on is left
 * out.
 */
public final class CachePrune {
  /** Another client may be between placing a blob and linking it. */
  private static final Duration JUST_PLACED = Duration.ofHours(1);

  private final Instant now;
  private final Duration unfinishedAge;
  private final List<Removal.Item> items = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  private CachePrune(Instant now, Duration unfinishedAge) {
    this.now = now;
    this.unfinishedAge = unfinishedAge;
  }

  /**
   * The plan for a whole cache.
   *
   * @param now the time now
   * @param unfinishedAge unfinished downloads that were not written for so long go too
   */
  public static Removal plan(Path cacheRoot, Instant now, Duration unfinishedAge) {
    CacheListing listing = CacheScan.scan(cacheRoot);
    CachePrune prune = new CachePrune(now, unfinishedAge);
    prune.skipped.addAll(listing.warnings());
    for (CachedRepo repo : listing.repos()) {
      Optional<String> worker = prune.worker(repo);
      if (worker.isPresent()) {
        prune.skipped.add(repo.repo() + " is left as it is: " + worker.get() + " works on it");
      } else {
        prune.repo(listing.root(), repo);
      }
    }
    return new Removal(listing.root(), prune.items, prune.skipped);
  }

  private void repo(Path cacheRoot, CachedRepo repo) {
    List<CachedRepo.CachedRevision> detached =
        repo.revisions().stream().filter(r -> r.refs().isEmpty()).toList();
    boolean wanted = repo.unfinished().stream().anyMatch(u -> !isOld(u.modified()));
    if (!detached.isEmpty() && detached.size() == repo.revisions().size() && !wanted) {
      items.addAll(CacheRemove.whole(cacheRoot, repo).items());
      return;
    }
    items.addAll(CacheRemove.parts(repo, detached::contains));
    for (CachedRepo.Unlinked blob : repo.unlinked()) {
      if (blob.modified().isBefore(now.minus(JUST_PLACED))) {
        items.add(CacheRemove.item(repo, blob.path(), "a blob without use", blob.bytes()));
      }
    }
    for (CachedRepo.Unfinished part : repo.unfinished()) {
      if (part.ours() && isOld(part.modified())) {
        items.add(CacheRemove.item(repo, part.path(), "an unfinished download", part.held()));
      }
    }
    for (Path entry : CacheScan.list(new RepoFolder(repo.path()).workshop())) {
      boolean file = Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS);
      if (file && Names.DAMAGED.matcher(CacheScan.name(entry)).matches()) {
        items.add(CacheRemove.item(repo, entry, "a damaged state", Placing.size(entry)));
      }
    }
  }

  private boolean isOld(Instant modified) {
    return modified.isBefore(now.minus(unfinishedAge));
  }

  /** Who works on a repo, as far as can be seen without writing. */
  private Optional<String> worker(CachedRepo repo) {
    for (Path entry : CacheScan.list(new RepoFolder(repo.path()).workshop())) {
      String name = CacheScan.name(entry);
      try {
        if (Names.OWNER.matcher(name).matches()) {
          Optional<Owner> owner = Owner.read(entry);
          if (owner.isPresent() && isAlive(owner.get())) {
            return owner.map(Owner::told);
          }
        } else if (Names.isFresh(name)
            && !Names.isAbandoned(name)
            && CacheScan.attributes(entry)
                .lastModifiedTime()
                .toInstant()
                .isAfter(now.minus(JUST_PLACED))) {
          return Optional.of("another process");
        }
      } catch (IOException e) {
        return Optional.of("another process");
      }
    }
    return Optional.empty();
  }

  private boolean isAlive(Owner owner) throws IOException {
    return owner.life(false, now::toEpochMilli, ClaimTimes.USUAL.silence()) == Owner.Life.ALIVE;
  }
}
