package dev.exodl.plan.swarm;

import static dev.exodl.plan.sim.Swarms.node;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.exodl.plan.sim.Swarms;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Leases for nodes that need some chunks before all others. */
class LeaseFirstTest {
  private static final long MIB = 1 << 20;

  private final SwarmBlobs blobs = new SwarmBlobs(Swarms.model(2, 40 * MIB));
  private final HaveMaps maps = new HaveMaps(blobs);
  private final LeasePlan leases = new LeasePlan(blobs, maps, TellPolicy.of(1));

  private static BitSet bits(int first, int end) {
    BitSet bits = new BitSet();
    bits.set(first, end);
    return bits;
  }

  private List<ChunkRun> grant(int node, BitSet wanted, BitSet first, List<ChunkRun> holding) {
    SwarmMessage.AskLease ask =
        new SwarmMessage.AskLease(
            Swarms.ID, wanted, holding, 0, Integer.MAX_VALUE, 5 * MIB, true, Strategy.SWARM, first);
    return leases.asked(node(node), ask, 2, 0).grant();
  }

  private List<ChunkRun> grant(int node, BitSet first) {
    return grant(node, bits(0, 2), first, List.of());
  }

  @Test
  void eachGetsItsOwnChunksFirst() {
    assertEquals(List.of(new ChunkRun(1, 10, 20)), grant(1, bits(50, 80)));
    assertEquals(List.of(new ChunkRun(0, 30, 40)), grant(2, bits(30, 50)));
    assertEquals(List.of(new ChunkRun(0, 0, 10)), grant(3, new BitSet()));
  }

  @Test
  void whenTheyAreFewOthersComeWithThem() {
    assertEquals(List.of(new ChunkRun(0, 0, 7), new ChunkRun(1, 20, 23)), grant(1, bits(60, 63)));
  }

  @Test
  void fromTheEndTooWhereOneTookOver() {
    leases.fromTheEnd(true);
    assertEquals(List.of(new ChunkRun(0, 25, 35)), grant(1, bits(20, 35)));
  }

  @Test
  void whatSomebodyHoldsOrFetchesIsLeasedToNobodyAgain() {
    maps.told(
        node(9),
        new SwarmMessage.Have(
            Swarms.ID,
            false,
            List.of(new SwarmMessage.HeldChunks(0, bits(10, 15), List.of())),
            false));
    List<ChunkRun> one = grant(1, bits(10, 20));
    assertEquals(List.of(new ChunkRun(0, 0, 5), new ChunkRun(0, 15, 20)), one);
    List<ChunkRun> other = grant(2, bits(10, 30));
    assertEquals(List.of(new ChunkRun(0, 20, 30)), other);
  }

  @Test
  void whatItDoesNotWantItDoesNotGetThoughItSaysItNeedsIt() {
    assertEquals(List.of(new ChunkRun(0, 0, 10)), grant(1, bits(0, 1), bits(40, 60), List.of()));
  }

  @Test
  void placesThatThereAreNotDoNoHarm() {
    assertEquals(List.of(new ChunkRun(0, 0, 10)), grant(1, bits(1000, 2000)));
  }

  @Test
  void inTheEndAllIsLeasedOnce() {
    Set<String> granted = new TreeSet<>();
    int chunks = 0;
    for (int i = 0; i < 200; i++) {
      int own = i % 4 * 20;
      for (ChunkRun run : grant(i, bits(own, own + 20))) {
        chunks += run.chunks();
        for (int c = run.first(); c < run.end(); c++) {
          granted.add(run.blob() + "/" + c);
        }
      }
    }
    assertEquals(80, granted.size());
    assertEquals(80, chunks, "none twice");
  }
}
