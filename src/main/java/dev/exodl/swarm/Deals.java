package dev.exodl.swarm;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmId;
import dev.exodl.plan.swarm.SwarmMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Who came too late, and when. */
    final Map<NodeId, Long> late = new LinkedHashMap<>();
  }

  private final Members members;
  private final Listings.Post post;
  private final LongSupplier clock;

  /** Whether others have to be heard first: they perhaps know what was dealt before. */
  private final BooleanSupplier hears;

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
    long end = System.nanoTime() + PATIENCE.toNanos();
    long askedAt = Long.MIN_VALUE;
    while (System.nanoTime() - end < 0) {
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
      if (askedAt == Long.MIN_VALUE || now - askedAt >= AGAIN_MILLIS) {
        askedAt = now;
        post.send(members.coordinator(), ask);
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

  private boolean coordinates() {
    return members.coordinator().equals(post.self());
  }

  /** A node asks; only a coordinator answers. */
  synchronized void asked(NodeId from, SwarmMessage.AskShare ask) {
    if (!coordinates()) {
      return;
    }
    Table table = table(ask.swarm());
    if (table.dealt != null) {
      answer(table, table.dealt, from);
      return;
    }
    if (table.asks.isEmpty()) {
      table.firstAt = clock.getAsLong();
    }
    table.asks.putIfAbsent(from, ask);
    due();
  }

  /** Deals what can be dealt by now; called from time to time. */
  synchronized void due() {
    if (!coordinates() || hears.getAsBoolean()) {
      return;
    }
    tables.forEach(
        (id, table) -> {
          table.asks.keySet().retainAll(members.all());
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
    table.dealt = dealt;
    table.asks.keySet().forEach(node -> post.send(node, dealt));
    table.asks.clear();
  }

  private void answer(Table table, SwarmMessage.Dealt dealt, NodeId to) {
    if (dealt.shareOf(to) >= 0) {
      post.send(to, dealt);
      return;
    }
    List<SwarmMessage.Taker> takers = new ArrayList<>(dealt.takers());
    for (int i = 0; i < takers.size(); i++) {
      if (!members.all().contains(takers.get(i).node())) {
        // All shares stay as they are, so the memory that the other one had counts.
        takers.set(i, new SwarmMessage.Taker(to, takers.get(i).memory()));
        SwarmMessage.Dealt now = new SwarmMessage.Dealt(dealt.swarm(), dealt.by(), takers);
        table.dealt = now;
        takers.stream().map(SwarmMessage.Taker::node).forEach(node -> post.send(node, now));
        return;
      }
    }
    long since = table.late.computeIfAbsent(to, n -> clock.getAsLong());
    if (clock.getAsLong() - since >= LATE_MILLIS) {
      post.send(to, dealt);
    }
  }

  /** What was dealt: the coordinator says it, or somebody who knows it says it to this one. */
  synchronized void told(NodeId from, SwarmMessage.Dealt dealt) {
    if (from.equals(members.coordinator())) {
      Table table = tables.get(dealt.swarm());
      // Nobody is told who did not ask.
      if (table != null) {
        table.dealt = dealt;
        table.answer = table.answer == null ? dealt : table.answer;
      }
    } else if (coordinates()) {
      Table table = table(dealt.swarm());
      if (table.dealt == null) {
        table.dealt = dealt;
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
