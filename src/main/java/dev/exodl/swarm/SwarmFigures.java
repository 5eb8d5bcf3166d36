package dev.exodl.swarm;

import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.swarm.ChunkBits;
import dev.exodl.plan.swarm.SwarmMessage;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** What a swarm's have-maps come to in figures. */
record SwarmFigures(Swarm swarm, SwarmNode node, Telling telling, Traffic traffic) {
  private ChunkBits held() {
    return swarm.maps.heldFor(node.settings().encrypt());
  }

  /** Bytes of these files that can be taken from other nodes. */
  long heldByOthers(List<RepoFile> files) {
    swarm.lock.lock();
    try {
      BitSet counted = new BitSet();
      files.forEach(f -> swarm.blobs.number(f.blob()).ifPresent(counted::set));
      ChunkBits there = held();
      long held = 0;
      for (int b = counted.nextSetBit(0); b >= 0; b = counted.nextSetBit(b + 1)) {
        for (int c = 0; c < swarm.blobs.grid(b).count(); c++) {
          held += there.get(swarm.blobs.place(b, c)) ? swarm.blobs.grid(b).chunk(c).length() : 0;
        }
      }
      return held;
    } finally {
      swarm.lock.unlock();
    }
  }

  /** Whether a chunk that this node wants and lacks can be taken from a member. */
  boolean someoneHoldsMissing() {
    swarm.lock.lock();
    try {
      ChunkBits there = held();
      for (int b = telling.wanted.nextSetBit(0); b >= 0; b = telling.wanted.nextSetBit(b + 1)) {
        for (int c = 0; c < swarm.blobs.grid(b).count(); c++) {
          if (!telling.own.holds(b, c) && there.get(swarm.blobs.place(b, c))) {
            return true;
          }
        }
      }
      return false;
    } finally {
      swarm.lock.unlock();
    }
  }

  /** Places of wanted chunks that neither this node nor one of these holds. */
  BitSet heldByNone(Collection<NodeId> nodes) {
    BitSet none = new BitSet();
    for (int b = telling.wanted.nextSetBit(0); b >= 0; b = telling.wanted.nextSetBit(b + 1)) {
      for (int c = 0; c < swarm.blobs.grid(b).count(); c++) {
        none.set(swarm.blobs.place(b, c), !telling.own.holds(b, c));
      }
    }
    for (NodeId node : nodes) {
      int slot = swarm.maps.slot(node);
      for (int p = none.nextSetBit(0); slot >= 0 && p >= 0; p = none.nextSetBit(p + 1)) {
        none.set(p, !swarm.maps.holds(slot, p));
      }
    }
    return none;
  }

  /** This node's part as others are told it. */
  SwarmMessage.Part status() {
    swarm.lock.lock();
    try {
      long bytes = 0;
      long held = 0;
      for (int b = 0; b < swarm.blobs.count(); b++) {
        boolean counts = telling.wanted.isEmpty() || telling.wanted.get(b);
        long size = swarm.blobs.grid(b).blobSize();
        bytes += counts ? size : 0;
        for (int c = 0; counts && c < swarm.blobs.grid(b).count(); c++) {
          held += telling.own.holds(b, c) ? swarm.blobs.grid(b).chunk(c).length() : 0;
        }
      }
      return new SwarmMessage.Part(
          swarm.id,
          bytes,
          held,
          traffic.local(held),
          traffic.fromHub(),
          traffic.fromPeers(),
          node.served(),
          traffic.inPerSecond(),
          traffic.outPerSecond(),
          swarm.state());
    } finally {
      swarm.lock.unlock();
    }
  }

  /** How many nodes that are not done may fetch for this one; itself counted. */
  int workers() {
    swarm.lock.lock();
    try {
      int workers = node.hub().reachable() ? 1 : 0;
      for (NodeId n : swarm.maps.nodes()) {
        boolean gives = swarm.maps.encrypts(n) || !node.settings().encrypt();
        workers +=
            !n.equals(node.self()) && gives && node.mayAskHub(n) && !swarm.maps.done(n) ? 1 : 0;
      }
      return workers;
    } finally {
      swarm.lock.unlock();
    }
  }

  /** Chunks that are wanted and not held. */
  int missing() {
    swarm.lock.lock();
    try {
      return telling.own.missing(telling.wanted);
    } finally {
      swarm.lock.unlock();
    }
  }
}
