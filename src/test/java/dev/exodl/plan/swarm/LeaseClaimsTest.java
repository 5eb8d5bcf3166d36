package dev.exodl.plan.swarm;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.plan.sim.Swarms;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node says of the leases it has, which it may never have got. */
class LeaseClaimsTest {
  private static final long MIB = 1 << 20;

  /** Of each of the two files. */
  private static final int CHUNKS = 2000;

  /** Two grants, and one chunk for each stream. */
  private static final int MOST = 1024 + 64 + 1;

  private static final BitSet WANTED = BitSet.valueOf(new long[] {3});
  private static final ChunkRun ALL_OF_ONE = new ChunkRun(0, 0, CHUNKS);
  private static final ChunkRun ALL_OF_THE_OTHER = new ChunkRun(1, 0, CHUNKS);

  private final SwarmBlobs blobs = new SwarmBlobs(Swarms.model(2, CHUNKS * MIB));
  private final HaveMaps maps = new HaveMaps(blobs);
  private final LeasePlan leases = new LeasePlan(blobs, maps, TellPolicy.of(1));

  private LeasePlan.Answer claims(int begun, long rate, List<ChunkRun> runs) {
    return leases.asked(
        node(1), new SwarmMessage.AskLease(Swarms.ID, WANTED, runs, begun, 0, rate, false), 2, 0);
  }

  private LeasePlan.Answer asks(long nowMillis) {
    return leases.asked(
        node(2),
        new SwarmMessage.AskLease(Swarms.ID, WANTED, List.of(), 500 * MIB, true),
        2,
        nowMillis);
  }

  private static int chunks(List<ChunkRun> runs) {
    return runs.stream().mapToInt(ChunkRun::chunks).sum();
  }

  @Test
  void theChunksAreOfAMebibyte() {
    assertEquals(2 * CHUNKS, blobs.places());
  }

  @Test
  void whoClaimsAllKeepsNoMoreThanANodeHas() {
    LeasePlan.Answer answer = claims(0, 1, List.of(ALL_OF_ONE, ALL_OF_THE_OTHER));
    assertEquals(2 * CHUNKS - MOST, chunks(answer.revoke()));
    assertEquals(List.of(new ChunkRun(0, MOST, MOST + 512)), asks(1).grant());
  }

  @Test
  void whoIsFastHasMore() {
    assertEquals(
        2 * CHUNKS - (1024 + 2000 + 64),
        chunks(claims(0, 1000 * MIB, List.of(ALL_OF_ONE, ALL_OF_THE_OTHER)).revoke()));
    assertTrue(chunks(claims(0, Long.MAX_VALUE, List.of(ALL_OF_ONE)).revoke()) == 0);
  }

  @Test
  void whatIsClaimedManyTimesCountsOnce() {
    List<ChunkRun> often = Collections.nCopies(10_000, ALL_OF_ONE);
    LeasePlan.Answer answer = claims(0, 1, often);
    assertEquals(List.of(new ChunkRun(0, MOST, CHUNKS)), answer.revoke());
    assertEquals(List.of(new ChunkRun(0, MOST, MOST + 512)), asks(1).grant());
  }

  @Test
  void whatIsSaidToBeBegunAndCannotBeIsTakenOver() {
    BitSet rest = new BitSet();
    rest.set(1000, CHUNKS);
    BitSet all = new BitSet();
    all.set(0, CHUNKS);
    List<SwarmMessage.HeldChunks> held =
        List.of(
            new SwarmMessage.HeldChunks(0, rest, List.of()),
            new SwarmMessage.HeldChunks(1, all, List.of()));
    maps.told(node(3), new SwarmMessage.Have(Swarms.ID, true, held, true));
    for (int begun : new int[] {1000, Integer.MAX_VALUE}) {
      claims(begun, 1, List.of(new ChunkRun(0, 0, 1000)));
      List<ChunkRun> taken = asks(begun == 1000 ? 1 : 10_000).taken().get(node(1));
      assertEquals(List.of(new ChunkRun(0, 64, 1000)), taken);
    }
  }
}
