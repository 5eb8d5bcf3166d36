package dev.exodl.swarm;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.Exchange;
import dev.exodl.fetch.Fetcher;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.model.RepoFile;
import dev.exodl.plan.Origin;
import dev.exodl.plan.PlanState;
import dev.exodl.plan.Run;
import dev.exodl.plan.Step;
import dev.exodl.plan.SwarmChooser;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node's fetch in a swarm: what comes next and from where, leases asked for in time, peers that
 * lie shunned, and when to give up. The swarm's lock guards it; it is taken inside the fetch's
 * lock, never the other way round.
 */
final class Fetching {
  private static final int PULLS = 16;

  private static final long ASK_AGAIN_MILLIS = 2000;
  private static final int HELD_BACK = 8;

  private final Swarm swarm;
  private final SwarmNode node;
  private final ChunkSource hub;
  private final List<RepoFile> files;
  private final SwarmChooser chooser;
  private final Doubts doubts;
  private final Disputes disputes = new Disputes();
  private final Stall stall;
  private final int streams;
  private volatile @Nullable Fetcher fetcher;

  // Guarded by the swarm's lock.
  private final AskTimes asking;
  private long heldBackAt;
  private Set<NodeId> peers = Set.of();

  Fetching(Swarm swarm, SwarmNode node, ChunkSource hub, List<RepoFile> files, int streams) {
    this.swarm = swarm;
    this.node = node;
    this.hub = hub;
    this.files = List.copyOf(files);
    this.streams = streams;
    // Not all of very many at the same moment.
    this.asking = new AskTimes(node.now() + part(node.policy().firstAskMillis(node.hubNodes())));
    this.doubts = new Doubts(files.size());
    this.stall = new Stall(node, swarm);
    List<Integer> blobs = files.stream().map(f -> swarm.blobs.number(f.blob()).orElse(-1)).toList();
    this.chooser =
        new SwarmChooser(swarm.blobs, swarm.maps, blobs, Math.min(PULLS, streams), 0, new Random());
    chooser.self(node.self());
  }

  private static long part(int millis) {
    return millis == 0 ? 0 : ThreadLocalRandom.current().nextLong(millis);
  }

  Exchange exchange() {
    return new InSwarm();
  }

  void begins(Fetcher running) {
    fetcher = running;
  }

  void wake() {
    Fetcher f = fetcher;
    if (f != null) {
      f.wake();
    }
  }

  void fail(FailureException failure) {
    Fetcher f = fetcher;
    if (f != null) {
      f.fail(failure);
    }
  }

  /** Those chunks may come from now. Called with the lock held. */
  void peers(Map<NodeId, Nearness> near, Set<NodeId> bridges) {
    chooser.bridges(bridges);
    peers.stream().filter(p -> !near.containsKey(p)).forEach(chooser::peerGone);
    peers = Set.copyOf(near.keySet());
    near.forEach(chooser::peer);
  }

  /** What is leased here is free for others: this node cannot fetch it now. */
  void giveBack() {
    swarm.lock.lock();
    try {
      chooser.dropLeases();
    } finally {
      swarm.lock.unlock();
    }
    node.put(this::tellLeases);
  }

  /** Leases of the one before are not known to this one until they are told. */
  void newCoordinator() {
    swarm.lock.lock();
    try {
      asking.anew(node.now());
    } finally {
      swarm.lock.unlock();
    }
    tellLeases();
  }

  void leased(NodeId from, SwarmMessage.Lease lease) {
    swarm.lock.lock();
    try {
      chooser.lease(lease.runs());
      asking.answered(from, lease, node.now());
      if (!lease.runs().isEmpty()) {
        swarm.telling.leases(true);
      }
    } finally {
      swarm.lock.unlock();
    }
    Fetcher f = fetcher;
    if (f != null) {
      if (lease.bytesPerSecond() > 0 || !lease.runs().isEmpty()) {
        f.hubRate(node.ownShare(lease.bytesPerSecond()));
      }
      f.wake();
    }
  }

  /**
   * Others fetch these: what is under way goes on with the chunks that were begun only. Who wants
   * the rest waits until this node told that it will not fetch it.
   */
  void revoked(List<ChunkRun> runs) {
    Fetcher f = fetcher;
    if (f != null && locked(f, plan -> giveBack(f, plan, runs))) {
      tellLeases();
    }
  }

  private boolean giveBack(Fetcher f, PlanState plan, List<ChunkRun> runs) {
    f.shorten((run, origin) -> origin instanceof Origin.Hub ? end(run, runs) : run.end());
    return chooser.revoke(plan, runs);
  }

  /** The first chunk of the run that lies in one of these, else the run's end. */
  private int end(Run run, List<ChunkRun> revoked) {
    int blob = swarm.blobs.number(files.get(run.file()).blob()).orElse(-1);
    int end = run.end();
    for (ChunkRun r : revoked) {
      if (r.blob() == blob && swarm.isCutAlike(blob) && r.end() > run.first()) {
        end = Math.min(end, Math.max(run.first(), r.first()));
      }
    }
    return end;
  }

  void shunned(NodeId peer) {
    swarm.lock.lock();
    try {
      chooser.shun(peer);
    } finally {
      swarm.lock.unlock();
    }
  }

  /**
   * The chunks of a file to be fetched anew, all of one peer: from the hub; where there is none,
   * from other peers.
   */
  BitSet doubt(int file, BitSet held) {
    Fetcher f = fetcher;
    return f == null ? new BitSet() : locked(f, plan -> doubt(plan, file, held));
  }

  private BitSet doubt(PlanState plan, int file, BitSet held) {
    Doubts.Doubt doubt = doubts.next(file, held, node::isShunned);
    if (doubt == null) {
      return new BitSet();
    }
    if (node.hub().reachable()) {
      chooser.fromHubOnly(plan, file, doubt.chunks());
    } else {
      chooser.shun(doubt.of());
    }
    return doubt.chunks();
  }

  /** Looks at the plan, and then takes the swarm's lock too: always in this order. */
  private <T> T locked(Fetcher of, Function<PlanState, T> question) {
    return of.look(
        plan -> {
          swarm.lock.lock();
          try {
            return question.apply(plan);
          } finally {
            swarm.lock.unlock();
          }
        });
  }

  /** Tells what is leased here and asks for more when it runs out. */
  void tick(long now) {
    swarm.traffic().tick(now);
    Fetcher f = fetcher;
    if (f == null) {
      return;
    }
    locked(f, plan -> askIfNeeded(plan, now));
    // Others would give it much faster by now, even what was begun of it.
    f.end(locked(f, plan -> chooser.tooSlow(plan, now)));
    if (stall.heldBack(now)) {
      locked(f, plan -> fetchHeldBack(plan, now));
    }
    stall.check(f, locked(f, chooser::elsewhere).isEmpty(), now);
    f.wake();
  }

  /** A few chunks that others say they hold and do not give come from the hub after all. */
  private boolean fetchHeldBack(PlanState plan, long now) {
    boolean due = now - heldBackAt > ASK_AGAIN_MILLIS;
    if (due) {
      heldBackAt = now;
      chooser.fromHubOnly(plan, HELD_BACK);
    }
    return due;
  }

  /** What a new coordinator has to know of leases, before the card that says that all is told. */
  void tellLeases() {
    Fetcher f = fetcher;
    if (f == null) {
      return;
    }
    node.send(node.members().coordinator(), locked(f, plan -> ask(plan, false)));
  }

  /**
   * Asks for leases when they run out, gives back those of files that another process fetches, and
   * is heard from time to time while it fetches; whether it did any of it. Called with both locks
   * held.
   */
  private boolean askIfNeeded(PlanState plan, long now) {
    boolean givesBack = chooser.dropElsewhere(plan);
    boolean more = needsMore(plan, now);
    if (!more && !givesBack && !(asking.isSilent(now) && chooser.begun(plan) > 0)) {
      return false;
    }
    asking.asked(now, more, Math.max(ASK_AGAIN_MILLIS, node.policy().gatherMillis()));
    node.send(node.members().coordinator(), ask(plan, more));
    return true;
  }

  private boolean needsMore(PlanState plan, long now) {
    return asking.mayAsk(now)
        && node.hub().open(now)
        && chooser.lacks(plan)
        && TellPolicy.asksMore(
            chooser.leasedAhead(plan), swarm.traffic().bytesPerSecond(), swarm.chunkSize());
  }

  private SwarmMessage.AskLease ask(PlanState plan, boolean more) {
    // What came in the meantime has to be known before the lease for it is given back.
    swarm.telling.beforeClaim();
    List<ChunkRun> holding = chooser.holding(plan);
    swarm.telling.leases(!holding.isEmpty());
    BitSet wanted = (BitSet) swarm.telling.wanted.clone();
    wanted.andNot(chooser.elsewhere(plan));
    return new SwarmMessage.AskLease(
        swarm.id,
        wanted,
        holding,
        chooser.begun(plan),
        asking.heard(node.members().coordinator()),
        swarm.traffic().bytesPerSecond(),
        more);
  }

  private final class InSwarm implements Exchange {
    @Override
    public Step next(PlanState plan, int connections, long runBytes) {
      long now = node.now();
      swarm.lock.lock();
      try {
        chooser.maxHub(node.hub().open(now) ? TellPolicy.hubStreams(node.hubNodes(), streams) : 0);
        Step step = chooser.next(plan, now);
        askIfNeeded(plan, now);
        return step;
      } finally {
        swarm.lock.unlock();
      }
    }

    @Override
    public ChunkSource source(Origin origin) {
      return switch (origin) {
        case Origin.Hub h -> hub;
        case Origin.Peer peer -> node.peering().source(peer.node());
      };
    }

    @Override
    public boolean boundsStreams() {
      return true;
    }

    @Override
    public boolean right(Origin origin, int file, int chunk, int crc32c) {
      swarm.lock.lock();
      try {
        OptionalInt told = told(file, chunk);
        NodeId liar = doubts.came(origin, file, chunk, crc32c);
        if (liar != null) {
          node.shun(liar, "what it sent of " + files.get(file).path() + " was wrong");
        }
        if (!(origin instanceof Origin.Peer peer)) {
          if (told.isPresent() && told.getAsInt() != crc32c) {
            // What came from the hub is believed; the hash of the whole file decides in the end.
            forgetSum(file, chunk);
          }
          return true;
        }
        if (told.isPresent()) {
          NodeId teller = teller(file, chunk);
          Disputes.Verdict verdict =
              disputes.came(file, chunk, peer.node(), teller, told.getAsInt(), crc32c);
          if (!judged(verdict, peer.node(), file, chunk)) {
            return false;
          }
        }
        chooser.fine(peer.node());
        return true;
      } finally {
        swarm.lock.unlock();
      }
    }

    private boolean judged(Disputes.Verdict verdict, NodeId from, int file, int chunk) {
      if (verdict.liar() != null) {
        node.shun(
            verdict.liar(),
            "it sent wrong bytes of " + files.get(file).path() + ", chunk " + chunk);
      } else if (!verdict.kept()) {
        // Elsewhere first: that shows who is wrong.
        chooser.trouble(from, node.now());
      }
      if (verdict.toldWrongly()) {
        forgetSum(file, chunk);
      }
      return verdict.kept();
    }

    private void forgetSum(int file, int chunk) {
      swarm.blobs.number(files.get(file).blob()).ifPresent(b -> swarm.maps.forgetCrc(b, chunk));
    }

    private @Nullable NodeId teller(int file, int chunk) {
      return swarm
          .blobs
          .number(files.get(file).blob())
          .flatMap(b -> swarm.maps.teller(b, chunk))
          .orElse(null);
    }

    private OptionalInt told(int file, int chunk) {
      int blob = swarm.blobs.number(files.get(file).blob()).orElse(-1);
      return blob >= 0 && swarm.isCutAlike(blob)
          ? swarm.maps.crc(blob, chunk)
          : OptionalInt.empty();
    }

    @Override
    public boolean gaveUp(Origin origin, Trouble trouble) {
      long now = node.now();
      switch (origin) {
        case Origin.Peer peer -> {
          node.detail(trouble.what());
          swarm.lock.lock();
          try {
            chooser.trouble(peer.node(), now);
          } finally {
            swarm.lock.unlock();
          }
        }
        case Origin.Hub h -> node.hubFailed(trouble);
      }
      return true;
    }
  }
}
