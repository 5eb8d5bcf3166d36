package dev.exodl.download;

import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Repo;
import dev.exodl.store.Target;
import dev.exodl.swarm.Swarm;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether anybody may have what other runs left on this disk, on a thread of its own;
 * asks again as long as the hub does not answer.
 */
final class MayBeGiven implements AutoCloseable {
  /** As often as a hub that failed is tried again for content. */
  private static final Duration AGAIN = Duration.ofSeconds(15);

  private final OwnListing own;
  private final SyncVoice voice;
  private final Repo repo;
  private final Commit commit;
  private final Target target;
  private final CountDownLatch closed = new CountDownLatch(1);

  MayBeGiven(OwnListing own, SyncVoice voice, Repo repo, Commit commit, Target target) {
    this.own = own;
    this.voice = voice;
    this.repo = repo;
    this.commit = commit;
    this.target = target;
  }

  /** The swarm gives all when anybody may have it; else the user is told. Does not wait. */
  void ask(Swarm swarm) {
    Thread.ofVirtual()
        .name("exo-dl may it be given")
        .start(
            () -> {
              try {
                askUntilTold(swarm);
              } catch (InterruptedException | CancellationException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void askUntilTold(Swarm swarm) throws InterruptedException {
    boolean warned = false;
    do {
      try {
        if (own.isKeptAsOpen(repo, commit) || own.ask(repo, commit, true)) {
          open(swarm);
        } else {
          isNotOpen();
        }
        return;
      } catch (FailureException e) {
        if (own.isNotForAll(e.failure())) {
          isNotOpen();
          return;
        }
        if (!warned) {
          warned = true;
          voice.warn(
              "whether anybody may read "
                  + repo
                  + " could not be asked ("
                  + e.failure().what()
                  + "): what earlier runs left here of it is not given to others");
        }
        if (!(e.failure() instanceof Failure.Network)) {
          return;
        }
      }
    } while (!closed.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Nothing is written after the node left. */
  private synchronized void open(Swarm swarm) {
    if (closed.getCount() > 0) {
      target.keepOpen(true);
      swarm.givesAll();
    }
  }

  private void isNotOpen() {
    voice.warn(
        "not everybody may read "
            + repo
            + ", and this cluster has no key: what earlier runs left here of it is not given to"
            + " others");
  }

  @Override
  public synchronized void close() {
    closed.countDown();
  }
}
