package dev.exodl.swarm;

import dev.exodl.Fields;
import dev.exodl.fetch.Fetcher;
import dev.exodl.plan.SwarmChooser;
import dev.exodl.plan.swarm.ChunkRun;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** What a node of a test knows, for tests of other rooms. */
public final class Inside {
  private Inside() {}

  /** Places of the chunks that a node holds, as far as it told; of its only swarm. */
  public static BitSet held(SwarmNode node) {
    BitSet held = new BitSet();
    for (Swarm swarm : node.swarms()) {
      swarm.lock.lock();
      try {
        int slot = swarm.maps.slot(node.self());
        for (int place = 0; slot >= 0 && place < swarm.blobs.places(); place++) {
          held.set(place, swarm.maps.holds(slot, place));
        }
      } finally {
        swarm.lock.unlock();
      }
    }
    return held;
  }

  /** Places of the chunks that this node has leases for and does not hold yet. */
  public static BitSet leased(SwarmNode node) {
    BitSet leased = new BitSet();
    for (Swarm swarm : node.swarms()) {
      Object fetching = Fields.get(swarm, "fetching");
      Object fetcher = fetching == null ? null : Fields.get(fetching, "fetcher");
      if (fetching != null && fetcher != null) {
        SwarmChooser chooser =
            (SwarmChooser) Objects.requireNonNull(Fields.get(fetching, "chooser"));
        for (ChunkRun run : holding(swarm, (Fetcher) fetcher, chooser)) {
          int blob = swarm.blobs.place(run.blob());
          leased.set(blob + run.first(), blob + run.end());
        }
      }
    }
    return leased;
  }

  private static List<ChunkRun> holding(Swarm swarm, Fetcher fetcher, SwarmChooser chooser) {
    return fetcher.look(
        plan -> {
          swarm.lock.lock();
          try {
            return chooser.holding(plan);
          } finally {
            swarm.lock.unlock();
          }
        });
  }

  /** Bytes of the chunks of the node's only swarm that none of these holds. */
  public static long lacking(Collection<SwarmNode> nodes) {
    BitSet held = new BitSet();
    nodes.forEach(n -> held.or(held(n)));
    Swarm swarm = nodes.iterator().next().swarms().iterator().next();
    long bytes = 0;
    for (int b = 0; b < swarm.blobs.count(); b++) {
      for (int c = 0; c < swarm.blobs.grid(b).count(); c++) {
        bytes += held.get(swarm.blobs.place(b, c)) ? 0 : swarm.blobs.grid(b).chunk(c).length();
      }
    }
    return bytes;
  }
}
