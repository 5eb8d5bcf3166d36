package dev.exodl.download;

import dev.exodl.hub.ListedFile;
import dev.exodl.hub.RepoInfo;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoFile;
import dev.exodl.model.Revision;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.store.CacheTarget;
import dev.exodl.store.Caches;
import dev.exodl.store.Refs;
import dev.exodl.swarm.ListingSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a revision is, as this node itself can find it out: from the hub, else from its cache. */
final class OwnListing implements ListingSource {
  private final SyncSettings settings;
  private final HubQuestions questions;
  private final Caches caches;
  private final @Nullable Path localDir;

  /** Whether the hub may be asked. */
  private final boolean online;

  /** Whether anybody may read them: what the hub told this node in this run. */
  private final Map<Commit, Boolean> said = new ConcurrentHashMap<>();

  /** Of which the hub told this node in this run that not everybody may read them. */
  private final Set<Repo> forSome = ConcurrentHashMap.newKeySet();

  /** Whether others are told only what anybody may read. */
  private final boolean openOnly;

  OwnListing(
      SyncSettings settings,
      HubQuestions questions,
      Caches caches,
      @Nullable Path localDir,
      boolean online,
      boolean openOnly) {
    this.openOnly = openOnly;
    this.localDir = localDir;
    this.settings = settings;
    this.questions = questions;
    this.caches = caches;
    this.online = online;
  }

  @Override
  public Snapshot find(Repo repo, Revision revision) {
    throwIfOffline(repo);
    RepoInfo info = info(repo, revision, false);
    if (openOnly && !info.isOpen()) {
      throw new FailureException(NotOpen.failure(repo.toString(), "the hub"));
    }
    List<Entry> files =
        receiving(repo, info.commit())
            .flatMap(CacheTarget::listingOfHub)
            .map(OwnListing::entries)
            .orElseGet(() -> listed(questions.list(repo, info.commit())));
    return new Snapshot(info.commit(), info.isOpen(), files);
  }

  /** Whether anybody may read the commit, if the hub told this node itself. */
  Optional<Boolean> said(Commit commit) {
    return Optional.ofNullable(said.get(commit));
  }

  /** Whether a failure may mean that only this node's token can read the repo. */
  boolean isNotForAll(Failure failure) {
    return failure instanceof Failure.Auth
        || (failure instanceof Failure.NotFound && questions.hasToken());
  }

  /**
   * As {@link #said}; asks the hub.
   *
   * @param patient whether a trouble is waited out
   * @throws FailureException what the hub said; cluster failure when it is not to be asked
   */
  boolean ask(Repo repo, Commit commit, boolean patient) {
    throwIfOffline(repo);
    return info(repo, new Revision(commit.hex()), patient).isOpen();
  }

  private RepoInfo info(Repo repo, Revision revision, boolean patient) {
    try {
      RepoInfo info = questions.info(repo, revision, patient);
      said.put(info.commit(), info.isOpen());
      if (!info.isOpen()) {
        forSome.add(repo);
      }
      return info;
    } catch (FailureException e) {
      if (isNotForAll(e.failure())) {
        forSome.add(repo);
      }
      throw e;
    }
  }

  /** Whether the hub told this node that not everybody may read it. */
  boolean isForSome(Repo repo) {
    return forSome.contains(repo);
  }

  /** Whether a run of this cache knew that anybody may read it; a local dir remembers nothing. */
  boolean isKeptAsOpen(Repo repo, Commit commit) {
    return localDir == null && targets(repo, commit).stream().anyMatch(OwnListing::isOpen);
  }

  @Override
  public Optional<Snapshot> kept(Repo repo, Revision revision) {
    for (Commit commit : commits(repo, revision)) {
      List<CacheTarget> targets = targets(repo, commit);
      for (CacheTarget target : targets) {
        Optional<List<RepoFile>> files = listing(target);
        if (files.isPresent()) {
          boolean open = targets.stream().anyMatch(OwnListing::isOpen);
          return Optional.of(new Snapshot(commit, open, entries(files.get())));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<List<RepoFile>> listing(CacheTarget target) {
    try {
      return target.listing();
    } catch (FailureException e) {
      if (caches.others().isEmpty()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static boolean isOpen(CacheTarget target) {
    try {
      return target.isOpen();
    } catch (FailureException e) {
      // It cannot be looked at: then the hub is asked.
      return false;
    }
  }

  private void throwIfOffline(Repo repo) {
    if (!online) {
      throw new FailureException(
          new Failure.Cluster(
              "this node is not to ask the hub",
              repo.toString(),
              "run without --offline on one node, or bring a node that has it"));
    }
  }

  private List<Commit> commits(Repo repo, Revision revision) {
    Optional<Commit> inDir =
        localDir == null ? Optional.empty() : Refs.inLocalDir(localDir, repo, revision);
    return inDir.map(List::of).orElseGet(() -> new Tiers(caches, repo).seen(revision));
  }

  /** The commit in the cache that receives, unless none does. */
  private Optional<CacheTarget> receiving(Repo repo, Commit commit) {
    return caches.noneReceives().isPresent()
        ? Optional.empty()
        : Optional.of(new CacheTarget(caches.root(), repo, commit, settings.noLinks()));
  }

  /** The commit in all caches. */
  private List<CacheTarget> targets(Repo repo, Commit commit) {
    return Stream.concat(
            receiving(repo, commit).stream(), new Tiers(caches, repo).at(commit).stream())
        .toList();
  }

  private static List<Entry> entries(List<RepoFile> files) {
    return files.stream().map(f -> new Entry(f.path().value(), f.size(), f.blob())).toList();
  }

  private static List<Entry> listed(List<ListedFile> files) {
    return files.stream().map(f -> new Entry(f.path(), f.size(), f.blob())).toList();
  }
}
