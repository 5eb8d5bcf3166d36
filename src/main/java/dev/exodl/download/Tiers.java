package dev.exodl.download;

import dev.exodl.model.Commit;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import dev.exodl.store.CacheTarget;
import dev.exodl.store.Caches;
import dev.exodl.store.Presence;
import dev.exodl.store.Refs;
import dev.exodl.store.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the caches hold of a repo that are only read. Nothing is ever written to them; one that
 * cannot be read, or is gone, holds nothing.
 */
final class Tiers {
  private final Caches caches;
  private final Repo repo;
  private final Map<Commit, List<CacheTarget>> targets = new ConcurrentHashMap<>();

  Tiers(Caches caches, Repo repo) {
    this.caches = caches;
    this.repo = repo;
  }

  /** The commits that a revision was when it was last here; what the receiving cache says first. */
  List<Commit> seen(Revision revision) {
    Set<Commit> commits = new LinkedHashSet<>();
    for (Path root : caches.all()) {
      if (caches.others().contains(root)) {
        try {
          Refs.read(root, repo, revision).ifPresent(commits::add);
        } catch (FailureException e) {
          // It cannot be read, and is not needed.
        }
      } else {
        Refs.read(root, repo, revision).ifPresent(commits::add);
      }
    }
    return List.copyOf(commits);
  }

  /** The commit in each of them. */
  List<CacheTarget> at(Commit commit) {
    return targets.computeIfAbsent(
        commit, c -> caches.others().stream().map(o -> CacheTarget.onlyRead(o, repo, c)).toList());
  }

  /** The commit's listing, if one of them has kept it. */
  Optional<List<RepoFile>> listing(Commit commit) {
    return first(commit, CacheTarget::listing);
  }

  /** The first that has a snapshot of the commit, whole or not. */
  Optional<CacheTarget> snapshot(Commit commit) {
    return first(commit, t -> Optional.of(t).filter(x -> Files.isDirectory(x.root())));
  }

  /** Those that have all these files in their snapshot; the content was not read. */
  List<CacheTarget> whole(Commit commit, List<RepoFile> files) {
    List<CacheTarget> whole = new ArrayList<>();
    for (CacheTarget tier : at(commit)) {
      if (stillHasAll(tier, files)) {
        whole.add(tier);
      }
    }
    return whole;
  }

  /** Whether nothing has to come from elsewhere, links apart. */
  static boolean holdsAll(Target target, List<RepoFile> files) {
    return files.stream()
        .map(target::presence)
        .allMatch(p -> p instanceof Presence.Visible || p instanceof Presence.BlobHere);
  }

  static boolean hasAll(Target tier, List<RepoFile> files) {
    return files.stream().allMatch(f -> tier.presence(f) instanceof Presence.Visible);
  }

  /** As the other, of one that may go away meanwhile. */
  static boolean stillHasAll(CacheTarget tier, List<RepoFile> files) {
    return quietly(() -> hasAll(tier, files), false);
  }

  /** Where the content of a file is in one of them; it was not read. */
  Optional<Path> content(Commit commit, RepoFile file) {
    return first(
        commit,
        tier ->
            switch (tier.presence(file)) {
              case Presence.Visible visible -> Optional.of(visible.path());
              case Presence.BlobHere blob -> Optional.of(blob.source());
              case Presence.Check check -> Optional.empty();
              case Presence.Missing missing -> Optional.empty();
            });
  }

  private <T> Optional<T> first(Commit commit, Function<CacheTarget, Optional<T>> ask) {
    for (CacheTarget tier : at(commit)) {
      Optional<T> answer = quietly(() -> ask.apply(tier), Optional.empty());
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private static <T> T quietly(Supplier<T> asked, T otherwise) {
    try {
      return asked.get();
    } catch (FailureException e) {
      return otherwise;
    }
  }
}
