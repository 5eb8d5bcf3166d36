package dev.exodl.download;

import dev.exodl.hub.ListedFile;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.store.LocalDirTarget;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Chooses the files of a sync, and finds out which of them some layers need. */
final class ChooseShard {
  private final SyncRequest request;
  private final @Nullable InCluster in;
  private final SyncVoice voice;
  private @Nullable ShardChoice choice;

  ChooseShard(SyncRequest request, @Nullable InCluster in, SyncVoice voice) {
    this.request = request;
    this.in = in;
    this.voice = voice;
  }

  /** What was told of the layers' needs, if anything was. */
  Optional<ShardChoice> choice() {
    return Optional.ofNullable(choice);
  }

  /**
   * The files that are to be here, and what is first.
   *
   * @param fromHub what reads headers, where the hub may be asked
   */
  Chosen choose(FindSnapshot.Found found, Supplier<FileBytes> fromHub) throws InterruptedException {
    List<ListedFile> listed = found.listed().orElseThrow();
    List<RepoFile> files = ChooseFiles.choose(request, listed, voice::warn);
    Optional<ShardRequest> wanted =
        request.shard().isEmpty()
            ? Optional.empty()
            : DealtShare.of(request.shard().get(), in, voice);
    if (wanted.isEmpty()) {
      return Chosen.all(files);
    }
    try {
      return chosen(found, files, wanted.get(), fromHub);
    } catch (FailureException e) {
      if (!othersGiveAll(wanted.get(), e.failure())) {
        throw e;
      }
      voice.warn(
          "it cannot be told yet which files the layers need ("
              + e.failure().what()
              + "): all come from the other nodes in any order");
      return Chosen.later(files, wanted.get());
    }
  }

  private Chosen chosen(
      FindSnapshot.Found found,
      List<RepoFile> files,
      ShardRequest wanted,
      Supplier<FileBytes> fromHub)
      throws InterruptedException {
    List<ListedFile> listed = found.listed().orElseThrow();
    FileBytes bytes = found.offline() || request.offline() ? here(request, found) : fromHub.get();
    if (wanted.form() != ShardForm.FILES && found.target() instanceof LocalDirTarget dir) {
      ShardExcerpts cut = ShardExcerpts.of(request, found.commit(), listed, files, dir, bytes);
      tell(cut.choice());
      return Chosen.excerpts(cut);
    }
    ShardFiles shard = ShardFiles.of(request, wanted, listed, files, bytes);
    tell(shard.choice());
    return Chosen.of(wanted.thenComplete() ? files : shard.files(), shard);
  }

  private void tell(ShardChoice needed) {
    choice = needed;
    voice.tell(new SyncEvent.Sharded(needed));
  }

  /** Whether others give what is not to be had from the hub, so that it does not hold this up. */
  private boolean othersGiveAll(ShardRequest wanted, Failure failure) {
    boolean away = failure instanceof Failure.Network || failure instanceof Failure.Partial;
    return wanted.thenComplete() && !request.dryRun() && in != null && in.exchanges() && away;
  }

  /** All is here. Of layers of which it could not be told before, it can be now. */
  void tellLater(FindSnapshot.Found found, Chosen chosen) throws InterruptedException {
    if (chosen.later().isEmpty()) {
      return;
    }
    ShardChoice needed =
        ShardFiles.of(
                request,
                chosen.later().get(),
                found.listed().orElseThrow(),
                chosen.files(),
                here(request, found))
            .choice();
    tell(needed);
    voice.tell(ready(found, needed));
  }

  /** That what is needed is here. */
  SyncEvent.ShardReady ready(FindSnapshot.Found found, ShardChoice needed) {
    return new SyncEvent.ShardReady(request.repo(), found.commit(), found.target().root(), needed);
  }

  private static FileBytes here(SyncRequest request, FindSnapshot.Found found) {
    Tiers tiers = new Tiers(request.place().caches(), request.repo());
    return FileBytes.here(found.target(), tiers, found.commit());
  }
}
