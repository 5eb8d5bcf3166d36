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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a revision is, as this node itself can find it out: from the hub, else from its cache. */
final class OwnListing implements ListingSource {
  private final SyncSettings settings;
  private final HubQuestions questions;
  private final Path cacheRoot;
  private final @Nullable Path localDir;

  /** Whether the hub may be asked. */
  private final boolean online;

  OwnListing(
      SyncSettings settings,
      HubQuestions questions,
      Path cacheRoot,
      @Nullable Path localDir,
      boolean online) {
    this.localDir = localDir;
    this.settings = settings;
    this.questions = questions;
    this.cacheRoot = cacheRoot;
    this.online = online;
  }

  @Override
  public Snapshot find(Repo repo, Revision revision) {
    if (!online) {
      throw new FailureException(
          new Failure.Cluster(
              "this node is not to ask the hub",
              repo.toString(),
              "run without --offline on one node, or bring a node that has it"));
    }
    RepoInfo info = questions.info(repo, revision, false);
    List<Entry> files =
        target(repo, info.commit())
            .listing()
            .map(OwnListing::entries)
            .orElseGet(() -> listed(questions.list(repo, info.commit())));
    return new Snapshot(info.commit(), info.isOpen(), files);
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
