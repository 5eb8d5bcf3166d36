package dev.exodl.download;

import dev.exodl.emulator.HubRepo;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import dev.exodl.model.Revision;
import dev.exodl.store.Caches;
import java.nio.file.Path;
import java.util.List;

/** A sync request in the making: everything of a model's main, but for what is said otherwise. */
record Asking(SyncRequest request) {
  static Asking of(HubRepo repo, Path cache) {
    return new Asking(
        new SyncRequest(
            new Repo(RepoType.MODEL, repo.id()),
            Revision.MAIN,
            SyncRequest.Selection.ALL,
            new SyncRequest.Place.Cache(cache),
            false,
            false,
            false,
            0));
  }

  Asking revision(String name) {
    return with(new Revision(name), request.selection(), request.place());
  }

  Asking files(String... names) {
    return select(new SyncRequest.Selection(List.of(names), List.of(), List.of()));
  }

  Asking include(String... patterns) {
    return select(new SyncRequest.Selection(List.of(), List.of(patterns), List.of()));
  }

  Asking exclude(String... patterns) {
    return select(new SyncRequest.Selection(List.of(), List.of(), List.of(patterns)));
  }

  private Asking select(SyncRequest.Selection selection) {
    return with(request.revision(), selection, request.place());
  }

  Asking cache(Path root) {
    return with(request.revision(), request.selection(), new SyncRequest.Place.Cache(root));
  }

  /** To the one of them that receives, unless all is in another. */
  Asking caches(Caches caches) {
    return with(request.revision(), request.selection(), new SyncRequest.Place.Cache(caches));
  }

  /** The caches that were named so far are only read. */
  Asking localDir(Path folder) {
    return with(
        request.revision(),
        request.selection(),
        new SyncRequest.Place.LocalDir(folder, request.place().caches()));
  }

  private Asking with(Revision revision, SyncRequest.Selection selection, SyncRequest.Place place) {
    return new Asking(
        new SyncRequest(
            request.repo(),
            revision,
            selection,
            place,
            request.offline(),
            request.force(),
            request.dryRun(),
            request.minFreeBytes()));
  }

  Asking offline() {
    return flags(true, request.force(), request.dryRun(), request.minFreeBytes());
  }

  Asking force() {
    return flags(request.offline(), true, request.dryRun(), request.minFreeBytes());
  }

  Asking dryRun() {
    return flags(request.offline(), request.force(), true, request.minFreeBytes());
  }

  Asking minFree(long bytes) {
    return flags(request.offline(), request.force(), request.dryRun(), bytes);
  }

  private Asking flags(boolean offline, boolean force, boolean dryRun, long minFree) {
    return new Asking(
        new SyncRequest(
            request.repo(),
            request.revision(),
            request.selection(),
            request.place(),
            offline,
            force,
            dryRun,
            minFree));
  }
}
