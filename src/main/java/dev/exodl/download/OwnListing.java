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

/** What a revision is, as this node itself can find it out: from the hub, else from its cache. */
final class OwnListing implements ListingSource {
  private final SyncSettings settings;
  private final HubQuestions questions;
  private final Path cacheRoot;

  /** Whether the hub may be asked. */
  private final boolean online;

  OwnListing(SyncSettings settings, HubQuestions questions, Path cacheRoot, boolean online) {
    this.settings = settings;
    this.questions = questions;
    this.cacheRoot = cacheRoot;
    this.online = online;
  }

  @Override
  public Snapshot find(Repo repo, Revision revision) {
    Failure.Network unreachable = null;
    if (online) {
      try {
        return fromHub(repo, revision);
      } catch (FailureException e) {
        if (!(e.failure() instanceof Failure.Network network)) {
          throw e;
        }
        unreachable = network;
      }
    }
    Optional<Snapshot> kept = kept(repo, revision);
    if (kept.isPresent()) {
      return kept.get();
    }
    throw new FailureException(
        unreachable != null
            ? unreachable
            : new Failure.NotFound(
                repo + " is not on this machine, and the hub is not to be asked",
                cacheRoot.toString(),
                "run without --offline on one node, or bring a node that has it"));
  }

  private Snapshot fromHub(Repo repo, Revision revision) {
    RepoInfo info = questions.info(repo, revision);
    List<Entry> files =
        target(repo, info.commit())
            .listing()
            .map(OwnListing::entries)
            .orElseGet(() -> listed(questions.list(repo, info.commit())));
    return new Snapshot(info.commit(), !info.isPrivate() && !info.isGated(), files);
  }

  /** What was here when the hub last said what it is. */
  private Optional<Snapshot> kept(Repo repo, Revision revision) {
    return Refs.read(cacheRoot, repo, revision)
        .flatMap(
            commit ->
                target(repo, commit)
                    .listing()
                    // Nothing here says whether anybody may read it; without a token it came from
                    // where anybody may.
                    .map(
                        files ->
                            new Snapshot(commit, settings.hub().token() == null, entries(files))));
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
