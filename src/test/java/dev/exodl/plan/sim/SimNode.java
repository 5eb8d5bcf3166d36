package dev.exodl.plan.sim;

import dev.exodl.model.NodeId;
import dev.exodl.plan.Origin;
import dev.exodl.plan.PlanEvent;
import dev.exodl.plan.PlanState;
import dev.exodl.plan.Step;
import dev.exodl.plan.SwarmChooser;
import dev.exodl.plan.swarm.HaveMaps;
import dev.exodl.plan.swarm.LeasePlan;
import dev.exodl.plan.swarm.Member;
import dev.exodl.plan.swarm.Nearness;
import dev.exodl.plan.swarm.Neighbours;
import dev.exodl.plan.swarm.Place;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmBlobs;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.plan.swarm.TellPolicy;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One node: its plan, its chooser, what it was told and what it did not tell yet. */
final class SimNode {
  final int number;
  final NodeId id;
  final Member member;
  final HaveMaps maps;
  final PlanState plan;
  final SwarmChooser chooser;
  final SwarmBlobs blobs;
  final Map<Integer, BitSet> news = new HashMap<>();
  final Map<Integer, BitSet> coordinatorNews = new HashMap<>();
  final Map<Long, Wires.Stream> streams = new HashMap<>();
  List<SimNode> neighbours = List.of();
  Map<NodeId, Nearness> near = Map.of();

  /** What came in this step and what it was told. */
  final List<Wires.Stream> arrived = new ArrayList<>();

  final List<Post.Letter> inbox = new ArrayList<>();

  /** What it begins. */
  final List<Step.Fetch> begun = new ArrayList<>();

  long planNanos;
  long toldNanos;
  boolean dead;

  /** Whether it does something in this step, and whether it perhaps begins something. */
  boolean active;

  boolean awake;
  boolean telling;
  boolean tellingCoordinator;
  boolean asking;
  boolean waiting;
  double toldAt = -1e9;
  double askedAt;
  double measuredAt;

  /** What streams from nodes, and those from the hub, did not need of this step. */
  final Rest restOfPeers = new Rest();

  final Rest restOfHub = new Rest();
  double hubBytes;
  double hubRate;
  int hubRuns;
  int missing;

  /** Places that it needs before the others, as the setting wants it; whether all came. */
  final BitSet first = new BitSet();

  boolean ready;
  int gone;

  SimNode(int number, Setting setting, SwarmBlobs blobs, List<Long> sizes) {
    this.number = number;
    Random random = new Random(setting.seed() * 1_000_003 + number);
    this.id = new NodeId(String.format("%016x%016x", random.nextLong(), random.nextLong()));
    int host = number / setting.perHost();
    this.member =
        new Member(
            id,
            new Place(
                setting.perHost() > 1 ? "host " + host : "",
                setting.zones() > 1 ? "zone " + host % setting.zones() : "",
                "10." + (host >> 16) + "." + (host >> 8 & 255) + "." + (host & 255)));
    this.blobs = blobs;
    this.maps = new HaveMaps(blobs);
    this.plan = new PlanState(sizes, blobs.chunkSize(), 4);
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < blobs.count(); i++) {
      numbers.add(i);
    }
    this.chooser =
        new SwarmChooser(
            blobs,
            maps,
            numbers,
            Setting.PULLS,
            TellPolicy.hubStreams(setting.nodes(), Setting.HUB),
            new SplittableRandom(random.nextLong()));
    chooser.self(id);
    this.missing = blobs.places();
    if (setting.shares()) {
      int nodes = setting.nodes();
      first.set(number * blobs.places() / nodes, (number + 1) * blobs.places() / nodes);
      chooser.first(List.of(first));
    }
  }

  /** Whether it has what it needs before the rest. */
  boolean isReady() {
    return first.stream()
        .allMatch(p -> plan.held(blobs.blobAt(p), p - blobs.place(blobs.blobAt(p))));
  }

  /** This node has all from the start. */
  void fill() {
    for (int b = 0; b < blobs.count(); b++) {
      BitSet held = new BitSet();
      held.set(0, blobs.grid(b).count());
      plan.apply(new PlanEvent.FileOpening(b));
      plan.apply(new PlanEvent.FileOpened(b, blobs.grid(b), held));
    }
    missing = 0;
  }

  boolean whole() {
    return missing == 0;
  }

  /** Whether it may take something from a peer. */
  boolean hasStreams() {
    return streams.size() - hubRuns < Setting.PULLS;
  }

  /** Takes these as its neighbours in place of those it had. */
  void meet(Neighbours chosen, Map<NodeId, SimNode> byId) {
    List<SimNode> before = neighbours;
    neighbours = chosen.near().keySet().stream().sorted().map(byId::get).toList();
    for (SimNode other : before) {
      if (!chosen.near().containsKey(other.id)) {
        chooser.peerGone(other.id);
        maps.gone(other.id);
      }
    }
    near = chosen.near();
    near.forEach(chooser::peer);
    chooser.bridges(chosen.bridges());
  }

  /** Begins what can begin now. */
  void begin(long millis, Consumer<Step.Fetch> fetches) {
    while (true) {
      switch (chooser.next(plan, millis)) {
        case Step.Open open -> {
          plan.apply(new PlanEvent.FileOpening(open.file()));
          plan.apply(new PlanEvent.FileOpened(open.file(), blobs.grid(open.file()), new BitSet()));
        }
        case Step.Fetch fetch -> {
          plan.apply(new PlanEvent.RunStarted(fetch.run()));
          hubRuns += fetch.origin() instanceof Origin.Hub ? 1 : 0;
          fetches.accept(fetch);
        }
        case Step.Idle idle -> {
          return;
        }
      }
    }
  }

  /** A chunk of the run came. */
  void came(Step.Fetch fetch, int chunk) {
    int file = fetch.run().file();
    plan.apply(new PlanEvent.ChunkHeld(file, chunk));
    missing--;
    news.computeIfAbsent(file, f -> new BitSet()).set(chunk);
    coordinatorNews.computeIfAbsent(file, f -> new BitSet()).set(chunk);
    if (chunk == fetch.run().end() - 1) {
      ended(fetch);
      if (plan.whole(file)) {
        plan.apply(new PlanEvent.FileGone(file));
      }
    }
  }

  void ended(Step.Fetch fetch) {
    streams.remove(fetch.run().id());
    plan.apply(new PlanEvent.RunEnded(fetch.run().id()));
    hubRuns -= fetch.origin() instanceof Origin.Hub ? 1 : 0;
  }

  /** What came since it was told last, or all that is held. */
  SwarmMessage.Have have(SwarmId swarm, Map<Integer, BitSet> since, boolean all) {
    Map<Integer, BitSet> told = since;
    if (all) {
      told = new HashMap<>();
      for (int b = 0; b < blobs.count(); b++) {
        BitSet held = new BitSet();
        for (int c = 0; c < blobs.grid(b).count(); c++) {
          held.set(c, plan.held(b, c));
        }
        told.put(b, held);
      }
    }
    List<SwarmMessage.HeldChunks> held = new ArrayList<>();
    told.forEach((b, bits) -> held.add(new SwarmMessage.HeldChunks(b, bits, List.of())));
    return new SwarmMessage.Have(swarm, all, held, whole());
  }

  /** Bytes of such a message as the program writes it, four for each checksum counted. */
  static long bytes(SwarmMessage.Have have) {
    long bytes = 90;
    for (SwarmMessage.HeldChunks held : have.held()) {
      bytes += 16 + (held.held().length() + 7) / 8 + 4L * held.held().cardinality();
    }
    return bytes;
  }

  /** Hears what was told. Who is a neighbour no more is not heard, where nodes go. */
  void read(boolean nodesGo) {
    for (Post.Letter letter : inbox) {
      if (!dead && (!nodesGo || neighbours.contains(letter.from()))) {
        maps.told(letter.from().id, letter.have());
      }
    }
    inbox.clear();
  }

  /** How fast the hub is, from the bytes that came of it in all. */
  void measure(double seconds, double bytes) {
    double since = seconds - measuredAt;
    if (since > 0.5) {
      hubRate = (bytes - hubBytes) / since;
      hubBytes = bytes;
      measuredAt = seconds;
    }
  }

  SwarmMessage.AskLease askLease(BitSet wanted, boolean more) {
    return new SwarmMessage.AskLease(
        Swarms.ID,
        wanted,
        chooser.holding(plan),
        chooser.begun(plan),
        Integer.MAX_VALUE,
        (long) hubRate,
        more,
        Strategy.SWARM,
        chooser.lacksFirst(plan));
  }

  /** What the coordinator answered: what is taken from it, and what it may fetch. */
  void answered(SwarmMessage.AskLease ask, LeasePlan.Answer answer) {
    asking = false;
    chooser.revoke(plan, answer.revoke());
    chooser.lease(answer.grant());
    waiting = ask.more() && answer.grant().isEmpty();
  }
}
