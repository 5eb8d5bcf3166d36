package dev.exodl.swarm;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes share the layers of a snapshot's model: found out once for each. Who wants a share
 * asks the coordinator, again and again as that one may go. It deals when as many have asked as
 * they said there will be, or some time after the first one. All that have a share know of all of
 * them, and tell a new coordinator, so that it deals nothing anew. Who comes later gets the share
 * of one that is gone, else none. Thread-safe.
 */
final class Deals {
  /** Where nobody says how many there will be, those share that ask within this time. */
  static final long GATHER_MILLIS = 3_000;

  /** Some of those that are waited for perhaps want no share. */
  static final long LONGEST_MILLIS = 10_000;

  /** A node that was killed and started again may come before it is known that it was gone. */
  static final long LATE_MILLIS = 3_000;

  private static final long AGAIN_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(20);

  /** Of so many snapshots it is known, the latest. */
  private static final int KEPT_MOST = 64;

  /** What is known of one snapshot. */
  private static final class Table {
    SwarmMessage.@Nullable Dealt dealt;

    /** What this node itself was answered. */
    SwarmMessage.@Nullable Dealt answer;

    final Map<NodeId, SwarmMessage.AskShare> asks = new LinkedHashMap<>();
    long firstAt;

    /** Where those with a share are or were: who is started again comes back from there. */
    final Map<NodeId, String> hosts = new HashMap<>();

    /** Who came too late, and when. */
    final Map<NodeId, Long> late = new LinkedHashMap<>();
  }

  private final Members members;
  private final Listings.Post post;
  private final LongSupplier clock;

  /** Whether others have to be heard first: they perhaps know what was dealt before. */
  private final BooleanSupplier hears;

  /** Guarded by this. */
  private Set<NodeId> here = Set.of();

  private long hereVersion = -1;

  /** Guarded by this. */
  private final Map<SwarmId, Table> tables =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SwarmId, Table> eldest) {
          return size() > KEPT_MOST;
        }
      };

  Deals(Members members, Listings.Post post, LongSupplier clock, BooleanSupplier hears) {
    this.members = members;
    this.post = post;
    this.clock = clock;
    this.hears = hears;
  }

  /**
   * Asks for a share; blocks.
   *
   * @throws FailureException cluster failure when nobody answers
   */
  Hand ask(SwarmMessage.AskShare ask) throws InterruptedException {
    long end = clock.getAsLong() + PATIENCE.toMillis();
    long askedAt = 0;
    NodeId asked = null;
    while (clock.getAsLong() < end) {
      if (post.isClosed()) {
        throw new InterruptedException("left the cluster");
      }
      SwarmMessage.Dealt answer = answer(ask.swarm());
      if (answer != null) {
        return new Hand(
            answer.by(),
            answer.takers().stream().map(SwarmMessage.Taker::memory).toList(),
            answer.shareOf(post.self()));
      }
      long now = clock.getAsLong();
      NodeId coordinator = members.coordinator();
      if (!coordinator.equals(asked) || now - askedAt >= againMillis()) {
        askedAt = now;
        asked = coordinator;
        post.send(coordinator, ask);
      }
      Thread.sleep(LOOK);
    }
    throw new FailureException(
        new Failure.Cluster(
            "no node dealt out the layers within " + PATIENCE.toSeconds() + " s",
            ask.swarm().repo().toString(),
            "look at the other nodes' messages, and run the same command again"));
  }

  private synchronized SwarmMessage.@Nullable Dealt answer(SwarmId id) {
    return table(id).answer;
  }

  private Table table(SwarmId id) {
    return tables.computeIfAbsent(id, i -> new Table());
  }

  /** However many nodes there are, about a thousand ask in a second. */
  private long againMillis() {
    return Math.max(AGAIN_MILLIS, members.all().size());
  }

  /** Who is here; found once for each change, as there may be thousands that ask. */
  private Set<NodeId> here() {
    long version = members.version();
    if (version != hereVersion) {
      here = new HashSet<>(members.all());
      hereVersion = version;
    }
    return here;
  }

  private boolean isAnyHere(SwarmMessage.Dealt dealt) {
    return dealt.takers().stream().anyMatch(t -> here().contains(t.node()));
  }

  /** It was for another run, perhaps of more nodes: this one's would lack some of the layers. */
  private void forgetIfAllAreGone(Table table) {
    if (table.dealt != null && !isAnyHere(table.dealt)) {
      table.dealt = null;
      table.hosts.clear();
      table.late.clear();
    }
  }

  private void dealt(Table table, SwarmMessage.Dealt dealt) {
    table.dealt = dealt;
    for (SwarmMessage.Taker taker : dealt.takers()) {
      members.card(taker.node()).ifPresent(c -> table.hosts.put(taker.node(), c.host()));
    }
    table.hosts.keySet().removeIf(node -> dealt.shareOf(node) < 0);
  }

  private boolean coordinates() {
    return members.coordinator().equals(post.self());
  }

  /** A node asks; only a coordinator answers. */
  synchronized void asked(NodeId from, SwarmMessage.AskShare ask) {
    if (!coordinates()) {
      return;
    }
    Table table = table(ask.swarm());
    forgetIfAllAreGone(table);
    if (table.dealt != null) {
      answer(table, table.dealt, from);
      return;
    }
    if (table.asks.isEmpty()) {
      table.firstAt = clock.getAsLong();
    }
    if (table.asks.putIfAbsent(from, ask) == null) {
      due();
    }
  }

  /** Deals what can be dealt by now; called from time to time. */
  synchronized void due() {
    if (!coordinates() || hears.getAsBoolean()) {
      return;
    }
    tables.forEach(
        (id, table) -> {
          table.asks.keySet().retainAll(here());
          table.late.keySet().retainAll(here());
          if (table.dealt == null && isTime(table)) {
            deal(id, table);
          }
        });
  }

  private boolean isTime(Table table) {
    int expected =
        table.asks.values().stream().mapToInt(SwarmMessage.AskShare::nodes).max().orElse(0);
    if (expected == 0) {
      return false;
    }
    long since = clock.getAsLong() - table.firstAt;
    return expected > 1
        ? table.asks.size() >= expected || since >= LONGEST_MILLIS
        : since >= GATHER_MILLIS;
  }

  /** To the nodes in the order of their age, by the way that the first of them wants. */
  private void deal(SwarmId id, Table table) {
    List<SwarmMessage.Taker> takers = new ArrayList<>();
    for (NodeId node : members.all()) {
      SwarmMessage.AskShare ask = table.asks.get(node);
      if (ask != null && takers.size() < SwarmMessage.Dealt.MOST) {
        takers.add(new SwarmMessage.Taker(node, ask.memory()));
      }
    }
    SwarmMessage.AskShare first = table.asks.values().iterator().next();
    SwarmMessage.Dealt dealt = new SwarmMessage.Dealt(id, first.by(), takers);
    dealt(table, dealt);
    table.asks.keySet().forEach(node -> post.send(node, dealt));
    table.asks.clear();
  }

  private void answer(Table table, SwarmMessage.Dealt dealt, NodeId to) {
    if (dealt.shareOf(to) >= 0) {
      post.send(to, dealt);
      return;
    }
    int free = free(table, dealt, to);
    if (free >= 0) {
      List<SwarmMessage.Taker> takers = new ArrayList<>(dealt.takers());
      // All shares stay as they are, so the memory that the other one had counts.
      takers.set(free, new SwarmMessage.Taker(to, takers.get(free).memory()));
      SwarmMessage.Dealt now = new SwarmMessage.Dealt(dealt.swarm(), dealt.by(), takers);
      dealt(table, now);
      takers.stream().map(SwarmMessage.Taker::node).forEach(node -> post.send(node, now));
      return;
    }
    long since = table.late.computeIfAbsent(to, n -> clock.getAsLong());
    if (clock.getAsLong() - since >= LATE_MILLIS) {
      post.send(to, dealt);
    }
  }

  /**
   * The share of one that is gone: of the one that was where this one is, which has its files there
   * already, else the first; -1 for none.
   */
  private int free(Table table, SwarmMessage.Dealt dealt, NodeId to) {
    String host = members.card(to).map(SwarmMessage.Card::host).orElse(null);
    int first = -1;
    for (int i = dealt.takers().size() - 1; i >= 0; i--) {
      NodeId node = dealt.takers().get(i).node();
      if (!here().contains(node)) {
        if (host != null && host.equals(table.hosts.get(node))) {
          return i;
        }
        first = i;
      }
    }
    return first;
  }

  /** What was dealt: the coordinator says it, or somebody who knows it says it to this one. */
  synchronized void told(NodeId from, SwarmMessage.Dealt dealt) {
    if (from.equals(members.coordinator())) {
      Table table = tables.get(dealt.swarm());
      // Nobody is told who did not ask.
      if (table != null) {
        dealt(table, dealt);
        table.answer = table.answer == null ? dealt : table.answer;
      }
    } else if (coordinates() && dealt.shareOf(from) >= 0) {
      Table table = table(dealt.swarm());
      forgetIfAllAreGone(table);
      if (table.dealt == null) {
        dealt(table, dealt);
        List<NodeId> waiting = List.copyOf(table.asks.keySet());
        table.asks.clear();
        waiting.forEach(node -> answer(table, dealt, node));
      }
    }
  }

  /** Tells a new coordinator what was dealt. */
  synchronized void introduce(NodeId coordinator) {
    if (!coordinator.equals(post.self())) {
      tables.values().stream()
          .map(table -> table.dealt)
          .filter(dealt -> dealt != null)
          .forEach(dealt -> post.send(coordinator, dealt));
    }
  }
}
