package dev.exodl.swarm;

import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmId;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which blobs of a snapshot others get from this disk. As long as it is not known who may have what
 * earlier runs left here, perhaps with a token, they get only blobs that this run fetches from the
 * first chunk on. The swarm's lock guards it.
 */
final class Given {
  private final SwarmId swarm;
  private final SwarmBlobs blobs;
  private final Holdings shelf;
  private final Telling telling;
  private final SwarmNode node;

  /** Blobs that this run began. */
  private final BitSet begun = new BitSet();

  private final BitSet cutAlike = new BitSet();

  private boolean onlyFetched;

  /** Finds out who may have the rest; null when that is known, or was asked for. */
  private @Nullable Runnable asker;

  /** How blobs get on the shelf that are not for others now. */
  private final Map<Integer, Runnable> withheld = new HashMap<>();

  Given(SwarmId swarm, SwarmBlobs blobs, Holdings shelf, Telling telling, SwarmNode node) {
    this.swarm = swarm;
    this.blobs = blobs;
    this.shelf = shelf;
    this.telling = telling;
    this.node = node;
  }

  /** Others get only what comes from now on, until {@link #all}; the asker is for what does not. */
  void onlyFetched(Runnable ask) {
    onlyFetched = true;
    asker = ask;
  }

  /** Others may have what was here before, too. */
  void all() {
    onlyFetched = false;
    asker = null;
    withheld.values().forEach(Runnable::run);
    withheld.clear();
    telling.hideNone();
  }

  /** Some of it was here before. */
  void before(int blob) {
    if (onlyFetched && !telling.isHidden(blob)) {
      telling.hide(blob);
      node.detail(
          "blob "
              + blobs.blob(blob)
              + " is not of this run alone: it is not given to others before it is known that"
              + " anybody may read it");
      Runnable ask = asker;
      asker = null;
      if (ask != null) {
        ask.run();
      }
    }
  }

  /** It is here whole, from an earlier run. */
  void present(int blob, Path at) {
    before(blob);
    whole(blob, at);
  }

  /** Its part was opened, and holds these chunks. */
  void opened(int blob, OpenPart part, PartChunks held) {
    if (!held.have.isEmpty()) {
      before(blob);
    }
    begun.set(blob);
    shelve(blob, () -> shelf.part(blobs.blob(blob), part, swarm));
    cutAlike.set(blob, held.grid.chunkSize() == blobs.chunkSize());
    telling.own.part(blob, held);
  }

  /** Whether this node's part of it is cut as the swarm cuts it. */
  boolean isCutAlike(int blob) {
    return cutAlike.get(blob);
  }

  /** Some of its chunks are bad, and only these are left. */
  void lost(int blob, PartChunks left) {
    telling.own.forget(blob);
    telling.own.part(blob, left);
    telling.allAgain();
  }

  /** It was removed from the disk, unless it came back meanwhile. */
  void gone(int blob) {
    if (!shelf.holds(blobs.blob(blob))) {
      telling.own.forget(blob);
      telling.allAgain();
    }
  }

  private void whole(int blob, Path at) {
    shelve(blob, () -> shelf.whole(blobs.blob(blob), at, swarm));
    telling.own.whole(blob);
  }

  private void shelve(int blob, Runnable onTheShelf) {
    if (telling.isHidden(blob)) {
      withheld.put(blob, onTheShelf);
    } else {
      onTheShelf.run();
    }
  }

  /** It is whole at its place; who did not begin it found it there. */
  void placed(int blob, Path at) {
    if (!begun.get(blob)) {
      before(blob);
    }
    whole(blob, at);
  }
}
