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
import dev.exodl.store.Refs;
import dev.exodl.swarm.ListingSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a revision is, as this node itself can find it out: from the hub, else from its cache. */
final class OwnListing implements ListingSource {
  private final SyncSettings settings;
  private final HubQuestions questions;
  private final Path cacheRoot;
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
      Path cacheRoot,
      @Nullable Path localDir,
      boolean online,
      boolean openOnly) {
    this.openOnly = openOnly;
    this.localDir = localDir;
    this.settings = settings;
    this.questions = questions;
    this.cacheRoot = cacheRoot;
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
        target(repo, info.commit())
            .listingOfHub()
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
    return localDir == null && target(repo, commit).isOpen();
  }

  @Override
  public Optional<Snapshot> kept(Repo repo, Revision revision) {
    return commit(repo, revision)
        .flatMap(
            commit -> {
              CacheTarget target = target(repo, commit);
              return target
                  .listing()
                  .map(files -> new Snapshot(commit, target.isOpen(), entries(files)));
            });
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

  private Optional<Commit> commit(Repo repo, Revision revision) {
    Optional<Commit> inDir =
        localDir == null ? Optional.empty() : Refs.inLocalDir(localDir, repo, revision);
    return inDir.or(() -> Refs.read(cacheRoot, repo, revision));
  }

  private CacheTarget target(Repo repo, Commit commit) {
    return new CacheTarget(cacheRoot, repo, commit, settings.noLinks());
  }

  private static List<Entry> entries(List<RepoFile> files) {
    return files.stream().map(f -> new Entry(f.path().value(), f.size(), f.blob())).toList();
  }

  private static List<Entry> listed(List<ListedFile> files) {
    return files.stream().map(f -> new Entry(f.path(), f.size(), f.blob())).toList();
  }
}
