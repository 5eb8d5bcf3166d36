package dev.exodl.plan.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.model.NodeId;
import dev.exodl.plan.sim.Swarms;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quicktheories.WithQuickTheories;

class HaveMapsTest implements WithQuickTheories {
  private static final SwarmBlobs BLOBS = new SwarmBlobs(Swarms.model(3, 40L << 20));

  private static NodeId node(int number) {
    return new NodeId(String.format("%032x", number));
  }

  private static SwarmMessage.Have have(boolean all, int blob, BitSet held, List<Integer> crcs) {
    return new SwarmMessage.Have(
        Swarms.ID, all, List.of(new SwarmMessage.HeldChunks(blob, held, crcs)), false);
  }

  private static BitSet bits(int... bits) {
    BitSet set = new BitSet();
    for (int bit : bits) {
      set.set(bit);
    }
    return set;
  }

  @Test
  void chunksAreCountedFromTheFirstOneThatIsTold() {
    HaveMaps maps = new HaveMaps(BLOBS);
    maps.told(
        node(1),
        new SwarmMessage.Have(
            Swarms.ID,
            false,
            List.of(new SwarmMessage.HeldChunks(1, 30, bits(1, 3, 12), List.of(7, 8, 9))),
            false));
    assertEquals(OptionalInt.of(7), maps.crc(1, 31));
    assertEquals(OptionalInt.of(8), maps.crc(1, 33));
    assertEquals(2, maps.anybody().cardinality(), "the blob has forty chunks");
  }

  @Test
  void knowsWhoHoldsWhatHoweverNodesComeAndGo() {
    qt().withExamples(50)
        .forAll(integers().between(1, 200), longs().all())
        .checkAssert(
            (nodes, seed) -> {
              Random random = new Random(seed);
              HaveMaps maps = new HaveMaps(BLOBS);
              Map<NodeId, BitSet> like = new HashMap<>();
              Set<NodeId> encrypting = new HashSet<>();
              for (int i = 0; i < 300; i++) {
                NodeId node = node(random.nextInt(nodes));
                if (random.nextInt(3) == 0) {
                  boolean does = random.nextInt(3) > 0;
                  maps.encrypts(node, does);
                  encrypting.remove(node);
                  encrypting.addAll(does ? Set.of(node) : Set.of());
                }
                if (random.nextInt(5) == 0) {
                  maps.gone(node);
                  like.remove(node);
                } else {
                  int blob = random.nextInt(3);
                  BitSet held = BitSet.valueOf(new long[] {random.nextLong()});
                  held.clear(40, 64);
                  boolean all = random.nextInt(4) == 0;
                  maps.told(node, have(all, blob, held, List.of()));
                  BitSet before = all ? new BitSet() : like.getOrDefault(node, new BitSet());
                  held.stream().forEach(c -> before.set(40 * blob + c));
                  like.put(node, before);
                }
              }
              assertEquals(like.keySet(), maps.nodes());
              for (int place = 0; place < BLOBS.places(); place++) {
                int p = place;
                int holders = (int) like.values().stream().filter(b -> b.get(p)).count();
                assertEquals(holders, maps.count(place));
                assertEquals(holders > 0, maps.anybody().get(place));
                assertEquals(
                    like.entrySet().stream()
                        .anyMatch(e -> encrypting.contains(e.getKey()) && e.getValue().get(p)),
                    maps.heldFor(true).get(place));
                assertTrue(holders == 0 || !maps.orphans().get(place), "an orphan is held");
                like.forEach((n, b) -> assertEquals(b.get(p), maps.holds(n, p / 40, p % 40)));
              }
            });
  }

  @Test
  void keepsWhoToldAChecksumFirst() {
    HaveMaps maps = new HaveMaps(BLOBS);
    maps.told(node(1), have(false, 1, bits(3, 5), List.of(33, 55)));
    maps.told(node(2), have(false, 1, bits(3, 6), List.of(34, 66)));
    assertEquals(OptionalInt.of(33), maps.crc(1, 3));
    assertEquals(Optional.of(node(1)), maps.teller(1, 3));
    assertEquals(OptionalInt.of(66), maps.crc(1, 6));
    assertEquals(Optional.of(node(2)), maps.teller(1, 6));
    assertEquals(Optional.empty(), maps.teller(0, 3));
    maps.gone(node(1));
    assertEquals(Optional.of(node(1)), maps.teller(1, 3), "to be blamed even if it left");
    maps.forgetCrc(1, 3);
    assertEquals(OptionalInt.empty(), maps.crc(1, 3));
    assertEquals(Optional.empty(), maps.teller(1, 3));
  }

  @Test
  void ofWhoLiedNoChecksumCounts() {
    HaveMaps maps = new HaveMaps(BLOBS);
    maps.told(node(1), have(false, 1, bits(3), List.of(33)));
    maps.told(node(2), have(false, 1, bits(3, 4), List.of(34, 44)));
    maps.lied(node(1));
    assertEquals(OptionalInt.empty(), maps.crc(1, 3));
    assertEquals(OptionalInt.of(44), maps.crc(1, 4));
    assertFalse(maps.holds(node(1), 1, 3));
    maps.told(node(2), have(true, 1, bits(3), List.of(34)));
    assertEquals(OptionalInt.of(34), maps.crc(1, 3));
  }

  @Test
  void whatCannotBeIsLeftOut() {
    HaveMaps maps = new HaveMaps(BLOBS);
    maps.told(node(1), have(false, 7, bits(0), List.of()));
    maps.told(node(1), have(false, -1, bits(0), List.of()));
    maps.told(node(1), have(false, 2, bits(39, 40, 4000), List.of(1, 2)));
    assertEquals(1, maps.count(2 * 40 + 39));
    assertEquals(OptionalInt.empty(), maps.crc(2, 39), "two checksums for three chunks");
    assertEquals(1, maps.anybody().cardinality());
  }

  @Test
  void aChunkWhoseLastHolderLeftIsAnOrphanUntilSomebodyTellsIt() {
    HaveMaps maps = new HaveMaps(BLOBS);
    maps.told(node(1), have(false, 0, bits(1, 2), List.of()));
    maps.told(node(2), have(false, 0, bits(2), List.of()));
    maps.retain(List.of(node(2)));
    assertTrue(maps.orphans().get(1));
    assertEquals(1, maps.orphaned());
    maps.told(node(3), have(true, 0, bits(1), List.of()));
    assertEquals(0, maps.orphans().cardinality());
  }

  @Test
  void twoListingsInAnyOrderAreNumberedAlike() {
    List<Entry> listing = new ArrayList<>(Swarms.model(20, 3L << 20));
    SwarmBlobs one = new SwarmBlobs(listing);
    java.util.Collections.shuffle(listing, new Random(1));
    SwarmBlobs other = new SwarmBlobs(listing);
    for (int i = 0; i < one.count(); i++) {
      BlobId blob = one.blob(i);
      assertEquals(Optional.of(i), other.number(blob));
      assertEquals(i, one.blobAt(one.place(i, one.grid(i).count() - 1)));
    }
    assertEquals(60, one.places());
  }
}
