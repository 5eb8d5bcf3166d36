package dev.exodl.download;

import dev.exodl.model.FailureException;
import dev.exodl.model.RepoFile;
import dev.exodl.store.CacheTarget;
import dev.exodl.store.Caches;
import dev.exodl.store.TierCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Finds the files in a cache that is only read, where all of them are in one: then its snapshot is
 * what a user gets, and nothing is written.
 */
final class InTier {
  private final SyncRequest request;
  private final Optional<Path> memory;
  private final SyncVoice voice;
  private final BooleanSupplier stopped;

  /** {@code memory} is the file that remembers digests. */
  InTier(SyncRequest request, Optional<Path> memory, SyncVoice voice, BooleanSupplier stopped) {
    this.request = request;
    this.memory = memory;
    this.voice = voice;
    this.stopped = stopped;
  }

  /**
   * The same snapshot, in the cache that has it whole and verified, the one that receives before
   * all others; or as it was found.
   *
   * @throws FailureException storage failure when something has to be written and no cache can be
   *     written to
   */
  FindSnapshot.Found find(FindSnapshot.Found found, List<RepoFile> files) {
    Caches caches = request.place().caches();
    if (!(request.place() instanceof SyncRequest.Place.Cache) || caches.others().isEmpty()) {
      return found;
    }
    boolean receives = caches.noneReceives().isEmpty();
    if (!request.force() || found.offline()) {
      if (receives && Tiers.holdsAll(found.target(), files)) {
        return found;
      }
      Tiers tiers = new Tiers(caches, request.repo());
      for (CacheTarget tier : tiers.whole(found.commit(), files)) {
        if (isRight(tier, files)) {
          return found.in(tier);
        }
      }
    }
    if (!receives && !request.dryRun()) {
      throw new FailureException(caches.noneReceives().get());
    }
    return found;
  }

  private boolean isRight(CacheTarget tier, List<RepoFile> files) {
    TierCheck check = new TierCheck(memory, new ReadingVoice(voice), stopped);
    List<RepoFile> wrong;
    try {
      wrong = check.wrong(tier, files);
    } finally {
      voice.board().readAll();
      if (!request.dryRun()) {
        check.remember();
      }
    }
    if (!Tiers.stillHasAll(tier, files)) {
      voice.warn(tier.root() + " is not there any more: it is not used");
      return false;
    }
    if (!wrong.isEmpty()) {
      voice.warn(
          wrong.size()
              + " of "
              + files.size()
              + " files in "
              + tier.root()
              + " have not the content that is listed, the first is "
              + wrong.getFirst().path()
              + ": what is wrong is not used");
    }
    return wrong.isEmpty();
  }
}
