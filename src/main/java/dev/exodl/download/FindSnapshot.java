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
import java.util.stream.Collectors;

/**
 * Finds out which commit is meant and which files it has: from the hub, or from what was kept here.
 */
final class FindSnapshot {
  private final SyncRequest request;
  private final SyncVoice voice;
  private final boolean noLinks;
  private final Tiers tiers;

  FindSnapshot(SyncRequest request, SyncVoice voice, boolean noLinks) {
    this.request = request;
    this.tiers = new Tiers(request.place().caches(), request.repo());
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
      Optional<Boolean> open) {
    /** The same, in another place. */
    Found in(Target other) {
      return new Found(commit, other, listed, offline, open);
    }
  }

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
      return instead(e, kept);
    }
    voice.tell(new SyncEvent.Resolved(request.repo(), request.revision(), commit));
    Target target = target(commit);
    // Not what a cache has that is only read: what it holds is judged by the hub's own word.
    Optional<List<ListedFile>> listing =
        receives() ? target.listingOfHub().map(FindSnapshot::listed) : Optional.empty();
    if (listing.isPresent()) {
      return new Found(commit, target, listing, false, open);
    }
    Optional<Found> same = kept.filter(k -> k.commit().equals(commit));
    try {
      List<ListedFile> asked = hub.list(request.repo(), commit, same.isEmpty());
      return new Found(commit, target, Optional.of(asked), false, open);
    } catch (FailureException e) {
      return instead(e, same);
    }
  }

  /** What is here whole, where the hub cannot be asked. */
  private Found instead(FailureException e, Optional<Found> kept) {
    if (!(e.failure() instanceof Failure.Network) || kept.isEmpty()) {
      throw e;
    }
    voice.warn(
        "the hub cannot be asked ("
            + e.failure().what()
            + "): using commit "
            + kept.get().commit().brief()
            + ", which is here whole");
    return kept.get();
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
    if (found.target().listingOfHub().isPresent()) {
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
    List<Commit> seen = lastSeen();
    if (seen.isEmpty()) {
      throw notHere("revision " + request.revision() + " of it was never fetched");
    }
    if (seen.size() > 1) {
      // A cache that is only read may know another one than the cache that receives.
      Optional<Found> whole = seen.stream().flatMap(c -> kept(c).stream()).findFirst();
      if (whole.isPresent()) {
        return whole.get();
      }
    }
    Commit commit = seen.getFirst();
    Found found = here(commit);
    if (found.listed().isPresent() || Files.isDirectory(found.target().root())) {
      return found;
    }
    return tiers
        .snapshot(commit)
        .map(found::in)
        .orElseThrow(() -> notHere("commit " + commit.brief() + " of it was never fetched"));
  }

  private Found here(Commit commit) {
    Target target = target(commit);
    Optional<List<ListedFile>> listed =
        target.listing().or(() -> tiers.listing(commit)).map(FindSnapshot::listed);
    return new Found(commit, target, listed, true, Optional.empty());
  }

  private FailureException notHere(String why) {
    return new FailureException(
        new Failure.NotFound(
            request.repo() + " is not on this machine: " + why,
            request.place().caches().all().stream()
                .map(Path::toString)
                .collect(Collectors.joining(", ")),
            "run without --offline (or HF_HUB_OFFLINE) to fetch it"));
  }

  /** The snapshot that was last seen here, if all that is asked for is visible, or can be. */
  private Optional<Found> kept() {
    return request.force()
        ? Optional.empty()
        : lastSeen().stream().flatMap(commit -> kept(commit).stream()).findFirst();
  }

  private Optional<Found> kept(Commit commit) {
    return Optional.of(here(commit)).filter(f -> f.listed().isPresent()).filter(this::whole);
  }

  /** The commits that the revision last was here; a local dir's own word goes first. */
  private List<Commit> lastSeen() {
    if (request.pinned().isPresent()) {
      return List.of(request.pinned().get());
    }
    Optional<Commit> inDir =
        request.place() instanceof SyncRequest.Place.LocalDir dir
            ? Refs.inLocalDir(dir.folder(), request.repo(), request.revision())
            : Optional.empty();
    return inDir.map(List::of).orElseGet(() -> tiers.seen(request.revision()));
  }

  private boolean whole(Found found) {
    try {
      List<ListedFile> all = found.listed().orElseThrow();
      List<RepoFile> files = ChooseFiles.choose(request, all, leftOut -> {});
      if (request.shard().isPresent()) {
        ShardRequest wanted = request.shard().get();
        FileBytes here = FileBytes.here(found.target(), tiers, found.commit());
        if (wanted.form() != ShardForm.FILES && found.target() instanceof LocalDirTarget dir) {
          ShardExcerpts cut = ShardExcerpts.of(request, found.commit(), all, files, dir, here);
          return cut.areHere() && areHere(found, cut.others());
        }
        files = ShardFiles.of(request, wanted, all, files, here).files();
      }
      return areHere(found, files);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (FailureException e) {
      // What is here is not fit to fall back on; what is wrong with it will be told by the way
      // proper.
      return false;
    }
  }

  private boolean areHere(Found found, List<RepoFile> files) {
    return files.stream().allMatch(f -> isHere(found, f));
  }

  private static List<ListedFile> listed(List<RepoFile> files) {
    return files.stream().map(f -> new ListedFile(f.path().value(), f.size(), f.blob())).toList();
  }

  private boolean isHere(Found found, RepoFile file) {
    return found.target().presence(file) instanceof Presence.Visible
        || tiers.content(found.commit(), file).isPresent();
  }

  private boolean receives() {
    return request.place().caches().noneReceives().isEmpty();
  }

  private Target target(Commit commit) {
    return switch (request.place()) {
      case SyncRequest.Place.Cache cache ->
          receives()
              ? new CacheTarget(cache.root(), request.repo(), commit, noLinks)
              : CacheTarget.onlyRead(cache.root(), request.repo(), commit);
      case SyncRequest.Place.LocalDir dir ->
          new LocalDirTarget(dir.folder(), dir.cacheRoot(), request.repo(), commit);
    };
  }
}
