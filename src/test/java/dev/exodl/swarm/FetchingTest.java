package dev.exodl.swarm;

import static dev.exodl.swarm.Ids.B;
import static dev.exodl.swarm.Ids.MIB;
import static dev.exodl.swarm.Ids.blob;
import static dev.exodl.swarm.Ids.card;
import static dev.exodl.swarm.Ids.file;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.Fields;
import dev.exodl.cluster.ClusterView;
import dev.exodl.fetch.Fetcher;
import dev.exodl.model.RepoFile;
import dev.exodl.model.RepoPath;
import dev.exodl.plan.swarm.ChunkBits;
import dev.exodl.plan.swarm.Strategy;
import dev.exodl.plan.swarm.SwarmMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node to which nothing comes and that may ask the hub; the other one, that is older, is made up.
 */
class FetchingTest {
  private static final int CHUNKS = 4;
  private static final RepoFile FILE = new RepoFile(new RepoPath("file-0"), CHUNKS * MIB, blob(0));

  @TempDir Path folder;
  private SwarmNode node;
  private Swarm swarm;
  private Fetcher fetcher;
  private long began;

  private void begin(Strategy strategy, long maxClusterRate) {
    node = OneNode.join(folder, strategy, maxClusterRate);
    SwarmTest.await(node::coordinates);
    swarm = node.enter(OneNode.listed(file(0, CHUNKS * MIB)), Map.of());
    letters().view(new ClusterView(List.of(B, node.self())));
    letters().received(B, card("b"));
    swarm.told(B, new SwarmMessage.Have(swarm.id(), true, List.of(), false));
    fetcher = OneNode.fetch(swarm, FILE);
    began = node.now();
  }

  @AfterEach
  void leave() {
    node.close();
  }

  private Letters letters() {
    return (Letters) Objects.requireNonNull(Fields.get(node, "letters"));
  }

  /** Chunks that this node fetches without a lease, so long after it began. */
  private long withoutLease(long millis) {
    Fetching fetching = Objects.requireNonNull(swarm.fetching());
    Object chooser = Objects.requireNonNull(Fields.get(fetching, "chooser"));
    ChunkBits hubOnly = (ChunkBits) Objects.requireNonNull(Fields.get(chooser, "hubOnly"));
    fetching.tick(began + millis);
    swarm.lock.lock();
    try {
      return IntStream.range(0, CHUNKS).filter(hubOnly::get).count();
    } finally {
      swarm.lock.unlock();
    }
  }

  private static double cap(Fetcher fetcher) {
    Object host = Objects.requireNonNull(Fields.get(fetcher, "host"));
    Object limiter = Objects.requireNonNull(Fields.get(host, "hubLimiter"));
    return (double) Objects.requireNonNull(Fields.get(limiter, "bytesPerSecond"));
  }

  @Test
  void whoGetsNothingAsksTheHubWithoutALease() {
    begin(Strategy.SWARM, 0);
    assertEquals(0, withoutLease(59_000));
    assertEquals(CHUNKS, withoutLease(61_000));
    assertEquals(0, cap(fetcher));
  }

  @Test
  void whereOneFetchesForAllTheOthersAskTheHubMuchLater() {
    begin(Strategy.LEADER, 0);
    assertEquals(0, withoutLease(61_000));
    assertEquals(0, withoutLease(299_000));
    assertEquals(CHUNKS, withoutLease(301_000), "it gives nothing");
  }

  @Test
  void whoFetchesForAllIsNotWaitedForWhenItLeft() {
    begin(Strategy.LEADER, 0);
    letters().view(new ClusterView(List.of(node.self())));
    assertEquals(CHUNKS, withoutLease(61_000));
  }

  @Test
  void whoFetchesForAllIsNotWaitedForWhenItIsDone() {
    begin(Strategy.LEADER, 0);
    swarm.told(B, new SwarmMessage.Have(swarm.id(), true, List.of(), true));
    assertEquals(CHUNKS, withoutLease(61_000));
  }

  @Test
  void whatComesWithoutALeaseIsCappedToo() {
    begin(Strategy.SWARM, 2_000_000);
    assertEquals(1_000_000, cap(fetcher), "two nodes may ask");
    swarm.leased(B, new SwarmMessage.Lease(swarm.id(), 1, List.of(), 500, 300_000, false));
    assertEquals(300_000, cap(fetcher));
    // Four streams for two nodes, and each may have begun with a chunk just now.
    long chunk = 2 * 1000 * MIB / 300_000;
    assertEquals(0, withoutLease(60_000 + 2 * chunk - 1_000));
    assertEquals(CHUNKS, withoutLease(60_000 + 2 * chunk + 1_000));
    assertEquals(300_000, cap(fetcher));
  }

  @Test
  void whoIsToFetchNothingIsToldWhatItMayTakeShouldItHaveTo() throws Exception {
    Path whole = Files.write(folder.resolve("whole"), new byte[(int) FILE.size()]);
    SwarmMessage.Listed listed = OneNode.listed(file(0, FILE.size()));
    node = OneNode.join(folder.resolve("meet"), Strategy.SWARM, 2_000_000);
    SwarmTest.await(node::coordinates);
    try (SwarmNode other = OneNode.join(folder.resolve("meet"), Strategy.SWARM, 0)) {
      Swarm there = other.enter(listed, Map.of());
      node.enter(listed, Map.of(blob(0), whole));
      SwarmTest.await(() -> SwarmTest.holders(there, 0) == 1 && node.hubNodes() == 2);
      Fetcher nothing = OneNode.fetch(there, FILE);
      assertEquals(0, cap(nothing));
      Objects.requireNonNull(there.fetching()).tellLeases();
      SwarmTest.await(() -> cap(nothing) == 1_000_000);
    }
  }

  @Test
  void whoShunsAMemberAsksAtOnce() {
    begin(Strategy.SWARM, 0);
    node.shun(B, "it lies");
    assertEquals(CHUNKS, withoutLease(16_000));
  }

  @Test
  void whoShunsOneThatLeftDoesNot() {
    begin(Strategy.SWARM, 0);
    node.shun(B, "it lies");
    letters().view(new ClusterView(List.of(node.self())));
    assertEquals(0, withoutLease(59_000));
  }

  @Test
  void timeInWhichTheHubIsClosedDoesNotCount() {
    begin(Strategy.SWARM, 0);
    assertEquals(0, withoutLease(40_000));
    node.hub().toldCalm(30_000, began + 40_000);
    for (long now = 40_000; now < 75_000; now += 250) {
      assertEquals(0, withoutLease(now), "after " + now);
    }
    assertEquals(CHUNKS, withoutLease(92_000));
  }
}
