package dev.exodl.plan.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.BlobId;
import dev.exodl.model.Commit;
import dev.exodl.model.NodeId;
import dev.exodl.model.Repo;
import dev.exodl.model.RepoType;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HoldersTest {
  private static final SwarmId SWARM =
      new SwarmId(new Repo(RepoType.MODEL, "org/model"), new Commit("c".repeat(40)));

  private final HaveMaps maps =
      new HaveMaps(
          new SwarmBlobs(List.of(new Entry("file", 64L << 20, BlobId.of("1".repeat(64))))));
  private final Random random = new Random(3);

  private static NodeId node(int number) {
    return new NodeId(String.format("%032x", number));
  }

  private static BitSet range(int first, int end) {
    BitSet set = new BitSet();
    set.set(first, end);
    return set;
  }

  private void holds(int node, int first, int end) {
    maps.told(
        node(node),
        new SwarmMessage.Have(
            SWARM,
            true,
            List.of(new SwarmMessage.HeldChunks(0, range(first, end), List.of())),
            false));
  }

  @Test
  void theyHoldTogetherWhatIsLacked() {
    for (int i = 0; i < 100; i++) {
      holds(i, 60, 64);
    }
    holds(100, 0, 10);
    holds(101, 5, 20);
    holds(102, 15, 25);
    List<NodeId> holders = Holders.of(maps, range(0, 50), n -> true, random);
    assertTrue(holders.containsAll(List.of(node(100), node(102))));
    assertTrue(holders.size() <= 3, "and nobody in vain: " + holders);
  }

  @Test
  void theyAreNotAlwaysTheSame() {
    for (int i = 0; i < 10; i++) {
      holds(i, 0, 64);
    }
    Set<NodeId> all = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      List<NodeId> one = Holders.of(maps, range(0, 64), n -> !n.equals(node(3)), random);
      assertEquals(1, one.size());
      all.addAll(one);
    }
    assertEquals(9, all.size(), "all but the one that gives nothing");
  }

  @Test
  void theyAreAFew() {
    for (int i = 0; i < 20; i++) {
      holds(i, 3 * i, 3 * i + 1);
    }
    assertEquals(SwarmMessage.Meet.MOST, Holders.of(maps, range(0, 64), n -> true, random).size());
  }

  @Test
  void whatNobodyHoldsOrCannotBeIsLeftOut() {
    holds(1, 0, 1);
    assertEquals(List.of(), Holders.of(maps, range(1, 1_000_000), n -> true, random));
    assertEquals(List.of(), Holders.of(maps, new BitSet(), n -> true, random));
  }
}
