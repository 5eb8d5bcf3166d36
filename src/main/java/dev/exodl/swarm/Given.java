package dev.exodl.swarm;

import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmId;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Which blobs of a snapshot others get from this disk. When it is not known who may have what
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

  Given(SwarmId swarm, SwarmBlobs blobs, Holdings shelf, Telling telling, SwarmNode node) {
    this.swarm = swarm;
    this.blobs = blobs;
    this.shelf = shelf;
    this.telling = telling;
    this.node = node;
  }

  void onlyFetched() {
    onlyFetched = true;
  }

  /** Some of it was here before. */
  void before(int blob) {
    if (onlyFetched && !telling.isHidden(blob)) {
      telling.hide(blob);
      // What it would fetch of it for others they would wait for in vain.
      node.detail("blob " + blobs.blob(blob) + " is of an earlier run: it is not given to others");
      node.put(this::leaveHub);
    }
  }

  private void leaveHub() {
    node.hub().notForOthers();
    node.own().tellCard();
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
    if (!telling.isHidden(blob)) {
      shelf.part(blobs.blob(blob), part, swarm);
    }
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
    if (!telling.isHidden(blob)) {
      shelf.whole(blobs.blob(blob), at, swarm);
    }
    telling.own.whole(blob);
  }

  /** It is whole at its place; who did not begin it found it there. */
  void placed(int blob, Path at) {
    if (!begun.get(blob)) {
      before(blob);
    }
    whole(blob, at);
  }
}
