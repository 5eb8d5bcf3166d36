package dev.exodl.plan.sim;

import dev.exodl.model.NodeId;
import dev.exodl.plan.Origin;
import dev.exodl.plan.Step;
import dev.exodl.plan.swarm.ChunkRun;
import dev.exodl.plan.swarm.Entry;
import dev.exodl.plan.swarm.HubShares;
import dev.exodl.plan.swarm.Member;
import dev.exodl.plan.swarm.Neighbours;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** A swarm from the start until all nodes that live have all. */
final class SimSwarm {
  /** Looks for mistakes at each request, which costs some time. */
  private static final boolean CHECK = !Boolean.getBoolean("unchecked");

  /** On all processors; what comes out is the same. */
  private static final boolean PARALLEL = Boolean.getBoolean("parallel");

  /** Seconds after which a coordinator looks again whether it has heard all. */
  private static final double GATHERED = 0.1;

  private final Setting setting;
  private final SwarmBlobs blobs;
  private final List<SimNode> nodes = new ArrayList<>();
  private final Map<NodeId, SimNode> byId = new HashMap<>();
  private final Wires wires;
  private final Calendar calendar;
  private final TellPolicy policy;
  private final Figures figures;
  private final Random random;
  private final BitSet fromHub = new BitSet();
  private final List<SimNode> active = new ArrayList<>();
  private final Post post = new Post();
  private SimCoordinator coordinator;
  private final Progress progress;
  private int unfinished;

  SimSwarm(Setting setting) {
    this(setting, line -> {});
  }

  SimSwarm(Setting setting, Consumer<String> progress) {
    this.setting = setting;
    List<Entry> entries = Swarms.model(setting.files(), setting.fileBytes());
    this.blobs = new SwarmBlobs(entries);
    this.progress = new Progress(setting, blobs.places(), progress);
    this.calendar = new Calendar(setting.step());
    this.policy = TellPolicy.of(setting.nodes());
    this.figures = new Figures(setting);
    this.random = new Random(setting.seed());
    List<Long> sizes = entries.stream().map(Entry::size).toList();
    for (int i = 0; i < setting.nodes(); i++) {
      SimNode node = new SimNode(i, setting, blobs, sizes);
      nodes.add(node);
      byId.put(node.id, node);
    }
    this.wires = new Wires(setting.wide(), setting.nodes());
    this.coordinator = new SimCoordinator(nodes.getFirst(), blobs, policy, setting.nodes());
    this.unfinished = setting.nodes();
    if (setting.seeded()) {
      nodes.getLast().fill();
      unfinished--;
    }
    figures.places = blobs.places();
  }

  /** Runs until all is everywhere. */
  Figures run() {
    meet();
    for (SimNode node : nodes) {
      SwarmMessage.Have first = node.have(Swarms.ID, Map.of(), true);
      node.neighbours.forEach(n -> n.maps.told(node.id, first));
      coordinator.maps.told(node.id, first);
      double latest = policy.firstAskMillis(setting.nodes()) / 1000.0;
      later(node, random.nextDouble() * latest, () -> ask(node));
      wake(node);
    }
    if (setting.failAt() > 0) {
      calendar.after(setting.failAt(), this::kill);
    }
    tick();
    while (unfinished > 0) {
      calendar.next();
      progress.at(calendar.seconds(), figures.chunks, fromHub.cardinality());
      post.deliver(this::acts);
      wires.step(setting.step(), this::arrives);
      (PARALLEL ? active.parallelStream() : active.stream()).forEach(this::think);
      active.forEach(this::act);
      active.clear();
      if (calendar.seconds() > 20 * setting.bound() + 600) {
        throw new IllegalStateException("no end: " + unfinished + " nodes, " + figures.text());
      }
    }
    figures.seconds = calendar.seconds();
    figures.planned(nodes);
    return figures;
  }

  /** The program looks at its plan from time to time, even if nothing came; so do these. */
  private void tick() {
    for (SimNode node : nodes) {
      if (!node.whole() && !node.dead) {
        wake(node);
        node.read(setting.failAt() > 0);
        for (long run : node.chooser.tooSlow(node.plan, calendar.millis())) {
          Wires.Stream stream = node.streams.get(run);
          wires.end(stream);
          broken(stream);
          figures.stopped++;
        }
        if (node.hubRuns > 0) {
          ask(node);
        }
      }
    }
    calendar.after(1, this::tick);
  }

  private void meet() {
    List<Member> members = nodes.stream().filter(n -> !n.dead).map(n -> n.member).toList();
    Neighbours.Everybody all = new Neighbours.Everybody(members, TellPolicy.NEIGHBOURS);
    for (SimNode node : nodes) {
      if (!node.dead) {
        node.meet(all.neighbours(node.id), byId);
      }
    }
  }

  private void later(SimNode node, double seconds, Runnable what) {
    calendar.after(
        seconds,
        () -> {
          if (!node.dead) {
            what.run();
          }
        });
  }

  private void wake(SimNode node) {
    node.awake = true;
    acts(node);
  }

  private void acts(SimNode node) {
    if (!node.active && !node.dead) {
      node.active = true;
      active.add(node);
    }
  }

  private void arrives(Wires.Stream stream) {
    SimNode node = ((Fetching) stream.what).node();
    node.arrived.add(stream);
    acts(node);
  }

  /**
   * What a node does in a step that concerns only itself, all at once: so what it knows is in the
   * processor's cache.
   */
  private void think(SimNode node) {
    long start = System.nanoTime();
    for (Wires.Stream stream : node.arrived) {
      Fetching fetching = (Fetching) stream.what;
      node.came(fetching.fetch(), fetching.chunk());
      node.awake = true;
    }
    long came = System.nanoTime();
    node.awake |= !node.inbox.isEmpty() && node.hasStreams() && !node.whole();
    node.read(setting.failAt() > 0);
    long heard = System.nanoTime();
    if (node.awake && !node.dead) {
      node.begin(calendar.millis(), node.begun::add);
    }
    node.awake = false;
    node.toldNanos += heard - came;
    node.planNanos += System.nanoTime() - heard + came - start;
  }

  /** What follows from that for others. */
  private void act(SimNode node) {
    node.active = false;
    boolean hub = false;
    for (Wires.Stream stream : node.arrived) {
      hub |= arrived(stream);
    }
    if (!node.arrived.isEmpty()) {
      node.arrived.clear();
      unfinished -= figures.came(node, calendar.seconds()) ? 1 : 0;
      tell(node);
    }
    for (Step.Fetch fetch : node.begun) {
      hub |= fetch.origin() instanceof Origin.Hub;
      start(node, fetch);
    }
    node.begun.clear();
    node.restOfHub.clear();
    node.restOfPeers.clear();
    if (hub) {
      ask(node);
    }
  }

  private void start(SimNode node, Step.Fetch fetch) {
    int from =
        switch (fetch.origin()) {
          case Origin.Hub hub -> setting.nodes();
          case Origin.Peer peer -> source(node, fetch, peer.node());
        };
    begin(from, new Fetching(node, fetch, fetch.run().first()));
  }

  private void begin(int from, Fetching what) {
    SimNode node = what.node();
    double bytes = blobs.grid(what.fetch().run().file()).chunk(what.chunk()).length();
    int to = from > setting.nodes() ? from : node.number;
    Wires.Stream stream = new Wires.Stream(from, to, bytes, what);
    node.streams.put(what.fetch().run().id(), stream);
    rest(node, from).begin(stream, wires, setting.step());
  }

  /** What comes after a stream that ended within a step began within it. */
  private Rest rest(SimNode node, int from) {
    return from == setting.nodes() ? node.restOfHub : node.restOfPeers;
  }

  /** A chunk on its way. */
  private record Fetching(SimNode node, Step.Fetch fetch, int chunk) {}

  private int source(SimNode node, Step.Fetch fetch, NodeId from) {
    SimNode source = byId.get(from);
    for (int c = fetch.run().first(); c < fetch.run().end() && CHECK; c++) {
      if (!source.plan.held(fetch.run().file(), c)) {
        throw new IllegalStateException("asked a node for what it does not hold");
      }
    }
    if (setting.zones() == 1 && setting.perHost() == 1) {
      return source.number;
    }
    return switch (node.near.get(from)) {
      case HOST -> {
        figures.hostChunks++;
        yield setting.nodes() + 1 + node.number / setting.perHost();
      }
      case FAR -> {
        figures.farChunks++;
        yield source.number;
      }
      case SUBNET, ZONE -> source.number;
    };
  }

  /** Whether it is from the hub. */
  private boolean arrived(Wires.Stream stream) {
    Fetching fetching = (Fetching) stream.what;
    Step.Fetch fetch = fetching.fetch();
    SimNode node = fetching.node();
    rest(node, stream.from).of(stream);
    figures.chunks++;
    if (fetching.chunk() + 1 < fetch.run().end()) {
      begin(stream.from, new Fetching(node, fetch, fetching.chunk() + 1));
    }
    figures.seedChunks += setting.seeded() && stream.from == setting.nodes() - 1 ? 1 : 0;
    if (fetch.origin() instanceof Origin.Peer) {
      return false;
    }
    int place = blobs.place(fetch.run().file(), fetching.chunk());
    figures.hubChunks++;
    figures.ownChunks += node.first.get(place) ? 1 : 0;
    figures.hubTwice += fromHub.get(place) ? 1 : 0;
    fromHub.set(place);
    return true;
  }

  /** Tells the neighbours now, or when it is time. */
  private void tell(SimNode node) {
    double wait = node.toldAt + policy.neighbourMillis() / 1000.0 - calendar.seconds();
    if (!node.telling && wait <= 0) {
      tellNow(node);
    } else if (!node.telling) {
      node.telling = true;
      later(node, wait, () -> tellNow(node));
    }
    if (!node.tellingCoordinator) {
      node.tellingCoordinator = true;
      later(
          node,
          policy.coordinatorMillis() / 1000.0,
          () -> {
            node.tellingCoordinator = false;
            tellCoordinator(node);
          });
    }
  }

  private void tellNow(SimNode node) {
    node.telling = false;
    node.toldAt = calendar.seconds();
    SwarmMessage.Have have = node.have(Swarms.ID, Map.copyOf(node.news), false);
    node.news.clear();
    figures.message(node.neighbours.size(), SimNode.bytes(have));
    post.send(node, node.neighbours, have);
    if (coordinator.leases(node)) {
      tellCoordinator(node);
    }
  }

  private void tellCoordinator(SimNode node) {
    if (node.coordinatorNews.isEmpty()) {
      return;
    }
    SwarmMessage.Have have = node.have(Swarms.ID, Map.copyOf(node.coordinatorNews), false);
    node.coordinatorNews.clear();
    figures.toCoordinator(SimNode.bytes(have));
    calendar.after(Setting.DELAY, () -> toldCoordinator(node, have));
  }

  private void toldCoordinator(SimNode node, SwarmMessage.Have have) {
    long start = System.nanoTime();
    coordinator.told(node, have, calendar.millis());
    figures.coordinatorNanos += System.nanoTime() - start;
  }

  /**
   * Asks for more of the hub, if it has too little of it, and only to be heard from time to time.
   */
  private void ask(SimNode node) {
    if (node.asking || node.dead || node.whole()) {
      return;
    }
    node.read(setting.failAt() > 0);
    node.measure(calendar.seconds(), wires.fromHub(node.number));
    boolean more =
        !node.waiting
            && node.chooser.lacks(node.plan)
            && TellPolicy.asksMore(
                node.chooser.leasedAhead(node.plan), (long) node.hubRate, blobs.chunkSize());
    double silent = calendar.seconds() - node.askedAt;
    if (!more && (node.hubRuns == 0 || silent < HubShares.RENEW_MILLIS / 1000.0)) {
      return;
    }
    node.askedAt = calendar.seconds();
    node.asking = true;
    // What was fetched must be known before it is in no lease any more.
    if (coordinator.leases(node)) {
      tellCoordinator(node);
    }
    BitSet wanted = new BitSet();
    wanted.set(0, blobs.count());
    SwarmMessage.AskLease ask = node.askLease(wanted, more);
    figures.toCoordinator(120 + 12L * ask.holding().size());
    SimCoordinator asked = coordinator;
    later(
        node,
        Setting.DELAY,
        () -> {
          if (asked == coordinator && !asked.node.dead) {
            answer(node, ask);
          } else {
            node.asking = false;
          }
        });
  }

  private void answer(SimNode node, SwarmMessage.AskLease ask) {
    if (ask.more() && coordinator.gathering.goesOn(calendar.millis())) {
      SimCoordinator asked = coordinator;
      later(
          node,
          GATHERED,
          () -> {
            if (asked == coordinator) {
              answer(node, ask);
            }
          });
      return;
    }
    long start = System.nanoTime();
    SimCoordinator.Reply reply = coordinator.asked(node, ask, calendar.millis());
    figures.leaseNanos += System.nanoTime() - start;
    figures.asks++;
    figures.refused += ask.more() && reply.answer().grant().isEmpty() ? 1 : 0;
    figures.taken += reply.answer().taken().size();
    figures.message(1, 110 + 12L * reply.answer().grant().size());
    reply
        .answer()
        .taken()
        .forEach((from, runs) -> later(byId.get(from), Setting.DELAY, () -> revoke(from, runs)));
    reply
        .answer()
        .passed()
        .forEach((to, runs) -> later(byId.get(to), Setting.DELAY, () -> passed(to, runs)));
    later(
        node,
        Setting.DELAY,
        () -> {
          node.answered(ask, reply.answer());
          if (node.waiting) {
            double again = reply.answer().millis() * (0.75 + random.nextDouble() / 2) / 1000.0;
            later(
                node,
                again,
                () -> {
                  node.waiting = false;
                  ask(node);
                });
          }
          wake(node);
        });
  }

  private void revoke(NodeId from, List<ChunkRun> runs) {
    SimNode node = byId.get(from);
    if (node.chooser.revoke(node.plan, runs)) {
      tellCoordinator(node);
      SwarmMessage.AskLease left = node.askLease(new BitSet(), false);
      later(node, Setting.DELAY, () -> answer(node, left));
    }
  }

  private void passed(NodeId to, List<ChunkRun> runs) {
    SimNode node = byId.get(to);
    node.chooser.lease(runs);
    wake(node);
  }

  /** The coordinator dies; some time later the next one knows. */
  private void kill() {
    SimNode dead = coordinator.node;
    dead.dead = true;
    unfinished -= dead.whole() ? 0 : 1;
    wires.cut(dead.number, this::broken);
    calendar.after(Setting.DETECTION, () -> succeed(dead));
  }

  private void broken(Wires.Stream stream) {
    Fetching fetching = (Fetching) stream.what;
    SimNode node = fetching.node();
    if (!node.dead) {
      node.ended(fetching.fetch());
      if (fetching.fetch().origin() instanceof Origin.Peer peer && byId.get(peer.node()).dead) {
        node.chooser.trouble(peer.node(), calendar.millis());
      }
      wake(node);
    }
  }

  private void succeed(SimNode dead) {
    SimNode next = nodes.stream().filter(n -> !n.dead).findFirst().orElseThrow();
    coordinator = new SimCoordinator(next, blobs, policy, setting.nodes() - 1);
    List<NodeId> living = nodes.stream().filter(n -> !n.dead).map(n -> n.id).toList();
    coordinator.gathering.expect(living, policy.gatherMillis(), calendar.millis());
    coordinator.leases.fromTheEnd(true);
    Map<SimNode, List<SimNode>> before = new HashMap<>();
    nodes.forEach(n -> before.put(n, n.neighbours));
    meet();
    for (SimNode node : nodes) {
      if (node.dead) {
        continue;
      }
      node.asking = false;
      for (SimNode other : node.neighbours) {
        if (!before.get(node).contains(other)) {
          SwarmMessage.Have all = node.have(Swarms.ID, Map.of(), true);
          figures.message(1, SimNode.bytes(all));
          post.send(node, List.of(other), all);
        }
      }
      later(
          node,
          random.nextDouble() * policy.gatherMillis() / 2000.0,
          () -> {
            SwarmMessage.Have all = node.have(Swarms.ID, Map.of(), true);
            node.coordinatorNews.clear();
            figures.toCoordinator(SimNode.bytes(all));
            toldCoordinator(node, all);
            answer(
                node,
                new SwarmMessage.AskLease(
                    Swarms.ID, new BitSet(), node.chooser.holding(node.plan), 0, false));
            coordinator.gathering.heard(node.id);
            ask(node);
          });
      wake(node);
    }
  }
}
