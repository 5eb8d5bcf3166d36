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
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
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

  /** A peer that is busy says so at once. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Swarm swarm;
  private final SwarmNode node;
  private final ChunkSource hub;
  private final List<RepoFile> files;
  private final SwarmChooser chooser;
  private final Judging judging;
  private final Stall stall;
  private final int streams;
  private volatile @Nullable Fetcher fetcher;
  private volatile double leastPace;
  private volatile boolean givesBack;

  /** What was told that this node may take from the hub; 0 for no cap. */
  private volatile long share;

  // Guarded by the swarm's lock.
  private final AskTimes asking;
  private final Standstill standstill;
  private Set<NodeId> peers = Set.of();

  Fetching(
      Swarm swarm,
      SwarmNode node,
      ChunkSource hub,
      List<RepoFile> files,
      int streams,
      List<BitSet> first) {
    this.swarm = swarm;
    this.node = node;
    this.hub = hub;
    this.files = List.copyOf(files);
    this.streams = streams;
    // Not all of very many at the same moment.
    this.asking = new AskTimes(node.now() + part(node.policy().firstAskMillis(node.hubNodes())));
    this.stall = new Stall(node, swarm);
    this.standstill = new Standstill(node.settings().maxLanRate(), node.now());
    List<Integer> blobs = files.stream().map(f -> swarm.blobs.number(f.blob()).orElse(-1)).toList();
    this.chooser =
        new SwarmChooser(swarm.blobs, swarm.maps, blobs, Math.min(PULLS, streams), 0, new Random());
    chooser.self(node.self());
    chooser.first(first);
    this.judging = new Judging(swarm, node, this.files, chooser);
  }

  private static long part(int millis) {
    return millis == 0 ? 0 : ThreadLocalRandom.current().nextLong(millis);
  }

  Exchange exchange() {
    return new InSwarm();
  }

  void begins(Fetcher running) {
    fetcher = running;
    capHub(running);
  }

  private void capHub(Fetcher f) {
    f.hubRate(node.ownShare(share));
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

  /** What is leased here and not under way is free for others: this node cannot fetch it now. */
  void giveBack() {
    // The run that failed is not over yet: what is left of it follows with a tick.
    givesBack = true;
    node.put(
        () -> {
          Fetcher f = fetcher;
          if (f != null) {
            locked(f, chooser::dropLeases);
            tellLeases();
          }
        });
  }

  /** Gives back also what came since: granted before the hub failed, or passed on by others. */
  private void goOnGivingBack(Fetcher f, long now) {
    boolean gives = givesBack || !node.hub().reachable();
    if (gives && locked(f, chooser::dropLeases)) {
      tellLeases();
    }
    givesBack = givesBack && !node.hub().open(now);
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
    share = lease.bytesPerSecond();
    Fetcher f = fetcher;
    if (f != null) {
      capHub(f);
      f.wake();
    }
  }

  /**
   * Others fetch these: what is under way goes on with the chunks that were begun only. Who wants
   * the rest waits until this node told that it will not fetch it.
   */
  void revoked(List<ChunkRun> runs, boolean asks) {
    Fetcher f = fetcher;
    // Who asks takes one that says nothing for one that hangs.
    if (f != null && (locked(f, plan -> giveBack(f, plan, runs)) || asks)) {
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
      chooser.shun(peer, true);
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
    boolean hubGives = node.hub().gives(node.now());
    Doubts.Doubt doubt = judging.doubt(file, held, hubGives);
    if (doubt == null) {
      return new BitSet();
    }
    if (hubGives) {
      chooser.fromHubOnly(plan, file, doubt.chunks());
    }
    return doubt.chunks();
  }

  /** The file has its hash. Called with the lock held. */
  void whole(RepoFile file) {
    judging.whole(file);
  }

  /** A peer gives so little that the hub is the better choice. */
  private void crawls(NodeId peer) {
    swarm.lock.lock();
    try {
      chooser.crawls(peer, node.now());
    } finally {
      swarm.lock.unlock();
    }
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
    Fetcher f = fetcher;
    if (f == null) {
      return;
    }
    goOnGivingBack(f, now);
    locked(f, plan -> askIfNeeded(plan, dropForOthers(plan), now));
    // Others would give it much faster by now, even what was begun of it.
    f.end(locked(f, plan -> chooser.tooSlow(plan, now)));
    locked(f, plan -> fetchHeldBack(f, plan, now));
    stall.check(f, locked(f, chooser::elsewhere).isEmpty(), now);
    f.wake();
  }

  /**
   * While nothing comes of what others say they hold, or are to fetch, some of it comes from the
   * hub after all. Who shuns a node cannot know whether others take that one's chunks for held.
   *
   * @return whether it stands still
   */
  private boolean fetchHeldBack(Fetcher f, PlanState plan, long now) {
    boolean open = node.hub().open(now);
    standstill.looks(open, now);
    int pulls = chooser.pulls();
    if (!open || !standstill.heldBack(pulls, swarm.chunkSize(), now)) {
      return false;
    }
    if (chooser.fetchesLeased(plan) || swarm.figures().missing() == 0) {
      standstill.came(now);
      return false;
    }
    List<NodeId> members = node.members().all();
    boolean few = TellPolicy.isLarge(members.size()) || swarm.isLed();
    boolean unheld =
        node.shunned().any(members)
            || standstill.leftAlone(pulls, swarm.chunkSize(), few, hubMillis(), now);
    capHub(f);
    chooser.fromHubOnly(plan, HELD_BACK, unheld);
    return true;
  }

  /** What a chunk takes others from the hub, as far as this node knows. */
  private long hubMillis() {
    long cap = node.ownShare(share);
    double all = (double) swarm.chunkSize() * TellPolicy.hubStreams(swarm.hubNodes(), streams);
    return Math.max(chooser.hubMillis(), cap == 0 ? 0 : (long) (all * 1000 / cap));
  }

  /** What a new coordinator has to know of leases, before the card that says that all is told. */
  void tellLeases() {
    Fetcher f = fetcher;
    if (f == null) {
      return;
    }
    // With the locks held: a claim that overtakes a newer one would free what that one names.
    locked(
        f,
        plan -> {
          node.send(node.members().coordinator(), ask(plan, false));
          return true;
        });
  }

  private boolean dropForOthers(PlanState plan) {
    return chooser.dropLeasesOf(forOthers(plan));
  }

  /**
   * Asks for leases when they run out, tells when some are given back, and is heard from time to
   * time while it fetches; whether it did any of it. Called with both locks held.
   */
  private boolean askIfNeeded(PlanState plan, boolean givesBack, long now) {
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
    wanted.andNot(forOthers(plan));
    return new SwarmMessage.AskLease(
        swarm.id,
        wanted,
        holding,
        chooser.begun(plan),
        asking.heard(node.members().coordinator()),
        swarm.traffic().bytesPerSecond(),
        more,
        node.settings().strategy(),
        chooser.lacksFirst(plan));
  }

  /**
   * Blobs that this node leases nothing of: what another process fetches to the same place, and
   * what it could not pass on to those who wait for it, unless nobody else may ask the hub.
   */
  private BitSet forOthers(PlanState plan) {
    BitSet blobs = chooser.elsewhere(plan);
    if (swarm.hubNodes() > 1) {
      blobs.or(swarm.telling.hidden());
    }
    return blobs;
  }

  private final class InSwarm implements Exchange {
    @Override
    public Step next(PlanState plan, int connections, long runBytes) {
      long now = node.now();
      swarm.lock.lock();
      try {
        boolean gives = node.hub().gives(now);
        chooser.hubGives(gives);
        // Where there is no hub to ask, whatever comes is taken.
        leastPace = gives ? standstill.leastPace(chooser.pulls()) : 0;
        chooser.maxHub(node.hub().open(now) ? TellPolicy.hubStreams(swarm.hubNodes(), streams) : 0);
        // Before it begins with something that is for others.
        boolean givesBack = dropForOthers(plan);
        Step step = chooser.next(plan, now);
        askIfNeeded(plan, givesBack, now);
        return step;
      } finally {
        swarm.lock.unlock();
      }
    }

    @Override
    public ChunkSource source(Origin origin) {
      return switch (origin) {
        case Origin.Hub h -> hub;
        case Origin.Peer peer -> {
          ChunkSource paced =
              new PacedSource(
                  node.peering().source(peer.node()),
                  () -> leastPace,
                  System::nanoTime,
                  () -> crawls(peer.node()),
                  ANSWER);
          yield (file, range) -> {
            asks(peer.node(), file);
            return paced.open(file, range);
          };
        }
      };
    }

    private void asks(NodeId peer, RepoFile file) {
      swarm.lock.lock();
      try {
        judging.asks(peer, file);
      } finally {
        swarm.lock.unlock();
      }
    }

    @Override
    public boolean boundsStreams() {
      return true;
    }

    @Override
    public boolean right(Origin origin, int file, int chunk, int crc32c) {
      swarm.lock.lock();
      try {
        if (!judging.came(origin, file, chunk, crc32c)) {
          return false;
        }
        if (origin instanceof Origin.Peer peer) {
          chooser.fine(peer.node());
          standstill.came(node.now());
        } else if (!chooser.isFromHubOnly(file, chunk)) {
          standstill.came(node.now());
        }
        return true;
      } finally {
        swarm.lock.unlock();
      }
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
