package dev.exodl.plan;

import dev.exodl.model.ChunkGrid;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmBlobs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a node of a swarm fetches next: chunks that peers hold, the rarest first, from the nearest
 * peer that is not busy; beside them what it has a lease for, from the hub. Not safe for several
 * threads; time passed in.
 */
public final class SwarmChooser {
  /** Streams from one peer at once; more only queue there. */
  private static final int PER_PEER = 2;

  /** Adjacent chunks are asked for together up to this many bytes. */
  private static final long PULL_BYTES = 4L << 20;

  private final SwarmBlobs blobs;
  private final HaveMaps maps;
  private final int[] blobOfFile;
  private final List<BitSet> leased = new ArrayList<>();
  private final Map<NodeId, Peer> peers = new HashMap<>();
  private final Map<Long, Origin> runs = new HashMap<>();
  private final RandomGenerator random;
  private final int maxPulls;
  private int maxHub;

  private static final class Peer {
    int distance;
    int open;
    int troubles;
    long avoidUntilMillis;
    boolean shunned;
  }

  /**
   * A chooser that knows of no peer and no lease.
   *
   * @param blobOfFile the blob's number in the swarm, for each file of the plan; -1 for an empty
   *     one
   * @param maxPulls streams from all peers at once
   * @param maxHub streams from the hub at once
   */
  public SwarmChooser(
      SwarmBlobs blobs,
      HaveMaps maps,
      List<Integer> blobOfFile,
      int maxPulls,
      int maxHub,
      RandomGenerator random) {
    this.blobs = blobs;
    this.maps = maps;
    this.blobOfFile = blobOfFile.stream().mapToInt(Integer::intValue).toArray();
    this.random = random;
    this.maxPulls = maxPulls;
    this.maxHub = maxHub;
    for (int i = 0; i < blobs.count(); i++) {
      leased.add(new BitSet());
    }
  }

  /** A node that serves chunks, and how far it is. */
  public void peer(NodeId node, Nearness nearness) {
    peers.computeIfAbsent(node, n -> new Peer()).distance =
        switch (nearness) {
          case HOST -> 0;
          case SUBNET -> 1;
          case ZONE -> 2;
          case FAR -> 3;
        };
  }

  public void peerGone(NodeId node) {
    peers.remove(node);
  }

  /** Nothing is taken from this node any more. */
  public void shun(NodeId node) {
    peers.computeIfAbsent(node, n -> new Peer()).shunned = true;
  }

  /** The peer did not give what it holds: others are asked for a while. */
  public void trouble(NodeId node, long nowMillis) {
    Peer peer = peers.get(node);
    if (peer != null) {
      peer.troubles = Math.min(6, peer.troubles + 1);
      peer.avoidUntilMillis = nowMillis + (100L << peer.troubles);
    }
  }

  public void fine(NodeId node) {
    Peer peer = peers.get(node);
    if (peer != null) {
      peer.troubles = 0;
    }
  }

  public void maxHub(int streams) {
    maxHub = streams;
  }

  /** The coordinator granted these. */
  public void lease(List<ChunkRun> granted) {
    granted.stream().filter(this::fits).forEach(r -> leased.get(r.blob()).set(r.first(), r.end()));
  }

  /** Not to be fetched from the hub by us; what is under way goes on. */
  public void revoke(List<ChunkRun> revoked) {
    revoked.stream()
        .filter(this::fits)
        .forEach(r -> leased.get(r.blob()).clear(r.first(), r.end()));
  }

  /** All leases are given back. */
  public void dropLeases() {
    leased.forEach(BitSet::clear);
  }

  private boolean fits(ChunkRun run) {
    return run.blob() < blobs.count() && run.end() <= blobs.grid(run.blob()).count();
  }

  /** Leased chunks that are not held yet, those under way included. */
  public List<ChunkRun> holding(PlanState plan) {
    List<ChunkRun> holding = new ArrayList<>();
    for (FilePlan file : plan.files()) {
      int blob = blobOfFile[file.number];
      if (blob < 0) {
        continue;
      }
      BitSet open = (BitSet) leased.get(blob).clone();
      if (file.stage == FilePlan.Stage.OPEN) {
        BitSet held = inSwarm(file, file.have);
        leased.get(blob).andNot(held);
        open.andNot(held);
      } else if (file.stage == FilePlan.Stage.GONE) {
        leased.get(blob).clear();
        continue;
      }
      for (int first = open.nextSetBit(0); first >= 0; ) {
        int end = open.nextClearBit(first);
        holding.add(new ChunkRun(blob, first, end));
        first = open.nextSetBit(end);
      }
    }
    return holding;
  }

  /** Bytes that are leased and in no run yet. */
  public long leasedAhead(PlanState plan) {
    long chunks = 0;
    for (FilePlan file : plan.files()) {
      if (file.stage == FilePlan.Stage.GONE || blobOfFile[file.number] < 0) {
        continue;
      }
      BitSet open = (BitSet) leased.get(blobOfFile[file.number]).clone();
      if (file.stage == FilePlan.Stage.OPEN) {
        BitSet busy = (BitSet) file.have.clone();
        busy.or(file.taken);
        open.andNot(inSwarm(file, busy));
      }
      chunks += open.cardinality();
    }
    return chunks * blobs.chunkSize();
  }

  /** The swarm's chunks that lie wholly in these chunks of the file's own grid. */
  private BitSet inSwarm(FilePlan file, BitSet own) {
    ChunkGrid grid = file.grid();
    ChunkGrid swarm = blobs.grid(blobOfFile[file.number]);
    if (grid.chunkSize() == swarm.chunkSize()) {
      return own;
    }
    BitSet in = new BitSet();
    for (int c = 0; c < swarm.count(); c++) {
      int first = grid.indexOf(swarm.start(c));
      int last = grid.indexOf(swarm.start(c + 1) - 1);
      in.set(c, own.nextClearBit(first) > last);
    }
    return in;
  }

  /** What to fetch next at {@code nowMillis}. */
  public Step next(PlanState plan, long nowMillis) {
    for (FilePlan file : plan.files()) {
      // Large ones are opened at once, so that it is known what is held of them from before.
      if (file.stage == FilePlan.Stage.CLOSED && (!file.small || wantedNow(file, nowMillis))) {
        return new Step.Open(file.number);
      }
    }
    forgetEnded(plan);
    Step pull = count(false) < maxPulls ? pull(plan, nowMillis) : null;
    if (pull != null) {
      return pull;
    }
    Step fetch = count(true) < maxHub ? fromHub(plan) : null;
    return fetch == null ? new Step.Idle() : fetch;
  }

  private boolean wantedNow(FilePlan file, long nowMillis) {
    int blob = blobOfFile[file.number];
    return blob < 0
        || leased.get(blob).get(0)
        || peers.entrySet().stream()
            .anyMatch(e -> usable(e.getValue(), nowMillis) && maps.holds(e.getKey(), blob, 0));
  }

  private void forgetEnded(PlanState plan) {
    runs.keySet().removeIf(id -> !plan.isRunning(id));
    peers.values().forEach(p -> p.open = 0);
    for (Origin origin : runs.values()) {
      if (origin instanceof Origin.Peer from) {
        Peer peer = peers.get(from.node());
        if (peer != null) {
          peer.open++;
        }
      }
    }
  }

  private long count(boolean hub) {
    return runs.values().stream().filter(o -> o instanceof Origin.Hub == hub).count();
  }

  private static boolean usable(Peer peer, long nowMillis) {
    return !peer.shunned && peer.open < PER_PEER && nowMillis - peer.avoidUntilMillis >= 0;
  }

  private @Nullable Step fromHub(PlanState plan) {
    for (FilePlan file : plan.files()) {
      if (file.stage != FilePlan.Stage.OPEN || blobOfFile[file.number] < 0) {
        continue;
      }
      BitSet lease = leased.get(blobOfFile[file.number]);
      ChunkGrid swarm = blobs.grid(blobOfFile[file.number]);
      for (int c = lease.nextSetBit(0); c >= 0; c = lease.nextSetBit(c + 1)) {
        int first = file.firstFree(file.grid().indexOf(swarm.start(c)));
        if (first < 0 || file.grid().start(first) >= swarm.start(c + 1)) {
          continue;
        }
        int end = first;
        int limit = Math.max(1, (int) (PULL_BYTES / file.grid().chunkSize()));
        while (end < file.endOfFree(first, limit)
            && lease.get(swarm.indexOf(file.grid().start(end)))) {
          end++;
        }
        return started(plan, file, first, Math.max(end, first + 1), Origin.HUB);
      }
    }
    return null;
  }

  private @Nullable Step pull(PlanState plan, long nowMillis) {
    FilePlan best = null;
    int bestChunk = 0;
    int bestHolders = Integer.MAX_VALUE;
    int ties = 0;
    for (FilePlan file : plan.files()) {
      if (file.stage != FilePlan.Stage.OPEN || file.sequential) {
        continue;
      }
      for (int c = file.firstFree(0); c >= 0; c = file.firstFree(c + 1)) {
        int holders = holders(file, c);
        if (holders == 0 || holders > bestHolders || source(file, c, nowMillis) == null) {
          continue;
        }
        ties = holders == bestHolders ? ties + 1 : 1;
        if (holders < bestHolders || random.nextInt(ties) == 0) {
          best = file;
          bestChunk = c;
          bestHolders = holders;
        }
      }
    }
    if (best == null) {
      return null;
    }
    NodeId from = Objects.requireNonNull(source(best, bestChunk, nowMillis));
    int end = bestChunk + 1;
    int limit =
        best.endOfFree(bestChunk, Math.max(1, (int) (PULL_BYTES / best.grid().chunkSize())));
    while (end < limit && holds(from, best, end) && holders(best, end) <= bestHolders) {
      end++;
    }
    return started(plan, best, bestChunk, end, new Origin.Peer(from));
  }

  private Step started(PlanState plan, FilePlan file, int first, int end, Origin origin) {
    Run run = plan.run(file, first, end);
    runs.put(run.id(), origin);
    return new Step.Fetch(run, origin);
  }

  private int holders(FilePlan file, int chunk) {
    return maps.holders(blobOfFile[file.number], swarmChunk(file, chunk));
  }

  private int swarmChunk(FilePlan file, int chunk) {
    return blobs.grid(blobOfFile[file.number]).indexOf(file.grid().start(chunk));
  }

  private boolean holds(NodeId node, FilePlan file, int chunk) {
    ChunkGrid swarm = blobs.grid(blobOfFile[file.number]);
    int last = swarm.indexOf(file.grid().start(chunk + 1) - 1);
    for (int c = swarmChunk(file, chunk); c <= last; c++) {
      if (!maps.holds(node, blobOfFile[file.number], c)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable NodeId source(FilePlan file, int chunk, long nowMillis) {
    NodeId best = null;
    int distance = Integer.MAX_VALUE;
    int ties = 0;
    for (Map.Entry<NodeId, Peer> e : peers.entrySet()) {
      Peer peer = e.getValue();
      if (!usable(peer, nowMillis) || !holds(e.getKey(), file, chunk)) {
        continue;
      }
      int away = 4 * peer.distance + peer.open;
      ties = away == distance ? ties + 1 : 1;
      if (away < distance || (away == distance && random.nextInt(ties) == 0)) {
        best = e.getKey();
        distance = away;
      }
    }
    return best;
  }
}
