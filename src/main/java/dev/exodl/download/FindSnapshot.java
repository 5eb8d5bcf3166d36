package dev.exodl.download;

import dev.exodl.hub.ListedFile;
import dev.exodl.hub.RepoInfo;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.store.CacheTarget;
import dev.exodl.store.LocalDirTarget;
import dev.exodl.store.Presence;
import dev.exodl.store.Refs;
import dev.exodl.store.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds out which commit is meant and which files it has: from the hub, or from what was kept here.
 */
final class FindSnapshot {
  private final SyncRequest request;
  private final SyncVoice voice;
  private final boolean noLinks;

  FindSnapshot(SyncRequest request, SyncVoice voice, boolean noLinks) {
    this.request = request;
    this.voice = voice;
    this.noLinks = noLinks;
  }

  /**
   * A snapshot that was found.
   *
   * @param listed its files; empty when it was found here without a listing
   * @param offline whether the hub was not asked, or could not be
   * @param open whether anybody may read it, if the hub told this node
   */
  record Found(
      Commit commit,
      Target target,
      Optional<List<ListedFile>> listed,
      boolean offline,
      Optional<Boolean> open) {}

  /** Asks the hub; falls back on what is here when the network fails and the snapshot is whole. */
  Found online(HubQuestions hub) {
    Optional<Found> kept = kept();
    Commit commit;
    Optional<Boolean> open = Optional.empty();
    try {
      if (request.pinned().isPresent()) {
        commit = request.pinned().get();
      } else if (request.revision().isCommit()) {
        commit = new Commit(request.revision().name());
      } else {
        RepoInfo info = hub.info(request.repo(), request.revision(), kept.isEmpty());
        commit = info.commit();
        open = Optional.of(info.isOpen());
      }
    } catch (FailureException e) {
      if (e.failure() instanceof Failure.Network && kept.isPresent()) {
        voice.warn(
            "the hub cannot be asked ("
                + e.failure().what()
                + "): using commit "
                + kept.get().commit().brief()
                + ", which is here whole");
        return kept.get();
      }
      throw e;
    }
    voice.tell(new SyncEvent.Resolved(request.repo(), request.revision(), commit));
    Target target = target(commit);
    Optional<List<ListedFile>> listing = target.listing().map(FindSnapshot::listed);
    if (listing.isPresent()) {
      return new Found(commit, target, listing, false, open);
    }
    return new Found(commit, target, Optional.of(hub.list(request.repo(), commit)), false, open);
  }

  /**
   * Keeps the listing of what was found, for later runs. To be called when files were chosen from
   * it: hostile names are refused before anything is written. A listing with a name that is not
   * taken is not kept: it would never be used.
   *
   * @param forAnybody whether all that comes comes without a token or key
   */
  static void keepListing(Found found, boolean forAnybody) {
    if (found.offline()) {
      return;
    }
    // What the hub said of the repo once does not tell who may have what is fetched now.
    if (found.open().isPresent() || !forAnybody) {
      found.target().keepOpen(found.open().orElse(false));
    }
    if (found.target().listing().isPresent()) {
      return;
    }
    List<RepoFile> checked;
    try {
      checked = found.listed().orElseThrow().stream().map(ListedFile::checked).toList();
    } catch (FailureException e) {
      return;
    }
    found.target().keepListing(checked);
  }

  /** What the cluster says it is, and whether it is open, if this node found that out itself. */
  Found told(Commit commit, List<ListedFile> files, Optional<Boolean> open) {
    voice.tell(new SyncEvent.Resolved(request.repo(), request.revision(), commit));
    return new Found(commit, target(commit), Optional.of(files), false, open);
  }

  /** What is here of the revision, and nothing else. */
  Found offline() {
    Commit commit =
        lastSeen()
            .orElseThrow(
                () -> notHere("revision " + request.revision() + " of it was never fetched"));
    Target target = target(commit);
    Optional<List<ListedFile>> listed = target.listing().map(FindSnapshot::listed);
    if (listed.isEmpty() && !Files.isDirectory(target.root())) {
      throw notHere("commit " + commit.brief() + " of it was never fetched");
    }
    return new Found(commit, target, listed, true, Optional.empty());
  }

  private FailureException notHere(String why) {
    return new FailureException(
        new Failure.NotFound(
            request.repo() + " is not on this machine: " + why,
            cacheRoot().toString(),
            "run without --offline (or HF_HUB_OFFLINE) to fetch it"));
  }

  /** The snapshot that was last seen here, if all that is asked for is visible. */
  private Optional<Found> kept() {
    if (request.force()) {
      return Optional.empty();
    }
    return lastSeen()
        .flatMap(
            commit -> {
              Target target = target(commit);
              return target
                  .listing()
                  .map(
                      files ->
                          new Found(
                              commit, target, Optional.of(listed(files)), true, Optional.empty()));
            })
        .filter(this::whole);
  }

  /** The commit that the revision last was here; a local dir's own word goes first. */
  private Optional<Commit> lastSeen() {
    if (request.pinned().isPresent()) {
      return request.pinned();
    }
    Optional<Commit> inDir =
        request.place() instanceof SyncRequest.Place.LocalDir dir
            ? Refs.inLocalDir(dir.folder(), request.repo(), request.revision())
            : Optional.empty();
    return inDir.or(() -> Refs.read(cacheRoot(), request.repo(), request.revision()));
  }

  private boolean whole(Found found) {
    try {
      List<ListedFile> all = found.listed().orElseThrow();
      List<RepoFile> files = ChooseFiles.choose(request, all, leftOut -> {});
      if (request.shard().isPresent()) {
        ShardRequest wanted = request.shard().get();
        FileBytes here = FileBytes.here(found.target());
        if (wanted.form() != ShardForm.FILES && found.target() instanceof LocalDirTarget dir) {
          ShardExcerpts cut = ShardExcerpts.of(request, found.commit(), all, files, dir, here);
          return cut.areHere() && visible(cut.others(), dir);
        }
        files = ShardFiles.of(request, wanted, all, files, here).files();
      }
      return visible(files, found.target());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (FailureException e) {
      // What is here is not fit to fall back on; what is wrong with it will be told by the way
      // proper.
      return false;
    }
  }

  private static boolean visible(List<RepoFile> files, Target target) {
    return files.stream().allMatch(f -> target.presence(f) instanceof Presence.Visible);
  }

  private static List<ListedFile> listed(List<RepoFile> files) {
    return files.stream().map(f -> new ListedFile(f.path().value(), f.size(), f.blob())).toList();
  }

  private Path cacheRoot() {
    return switch (request.place()) {
      case SyncRequest.Place.Cache cache -> cache.root();
      case SyncRequest.Place.LocalDir dir -> dir.cacheRoot();
    };
  }

  private Target target(Commit commit) {
    return switch (request.place()) {
      case SyncRequest.Place.Cache cache ->
          new CacheTarget(cache.root(), request.repo(), commit, noLinks);
      case SyncRequest.Place.LocalDir dir ->
          new LocalDirTarget(dir.folder(), dir.cacheRoot(), request.repo(), commit);
    };
  }
}
