package dev.exodl.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.model.ExitCode;
import dev.exodl.model.FailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static String told(List<LayerRange> ranges) {
    return ranges.stream().map(LayerRange::toString).collect(Collectors.joining(" "));
  }

  private static void assertDealt(int layers, int nodes, List<LayerRange> ranges) {
    assertEquals(nodes, ranges.size());
    int next = 0;
    for (LayerRange range : ranges) {
      assertEquals(next, range.first());
      next = range.last() + 1;
    }
    assertEquals(layers, next);
  }

  @Test
  void equalSharesDifferByOneAtMost() {
    assertEquals("0-7 8-15 16-23 24-31", told(Split.equal(32, 4)));
    assertEquals("0-3 4-6 7-9", told(Split.equal(10, 3)));
    assertEquals("0 1 2", told(Split.equal(3, 3)));
  }

  @Test
  void memoryCountsByLargestRemainder() {
    assertEquals("0-15 16-31", told(Split.memory(32, List.of(64L, 64L))));
    assertEquals("0-21 22-31", told(Split.memory(32, List.of(64L << 30, 30L << 30))));
    assertEquals("0-4 5-7 8-9", told(Split.memory(10, List.of(5L, 3L, 2L))));
    // 2.5 and 2.5 and 5: of equal remainders the first.
    assertEquals("0-2 3-4 5-9", told(Split.memory(10, List.of(1L, 1L, 2L))));
    assertEquals("0 1-8 9", told(Split.memory(10, List.of(1L, 1000L, 1L))));
    assertEquals("0-1 2", told(Split.memory(3, List.of(Long.MAX_VALUE, Long.MAX_VALUE))));
  }

  @Test
  void bytesAreAsEvenAsLayersAllow() {
    assertEquals("0 1-4", told(Split.bytes(List.of(9L, 1L, 1L, 1L, 1L), 2)));
    assertEquals("0-3 4", told(Split.bytes(List.of(1L, 1L, 1L, 1L, 9L), 2)));
    assertEquals("0 1 2", told(Split.bytes(List.of(0L, 0L, 0L), 3)));
  }

  @Test
  void anySplitDealsOutAllLayersAndLeavesNobodyWithout() {
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      int layers = 1 + random.nextInt(40);
      int nodes = 1 + random.nextInt(layers);
      assertDealt(layers, nodes, Split.equal(layers, nodes));
      List<Long> memory = random.longs(nodes, 1, random.nextInt(2, 1 << 30)).boxed().toList();
      assertDealt(layers, nodes, Split.memory(layers, memory));
      List<Long> bytes = random.longs(layers, 0, random.nextInt(1, 100)).boxed().toList();
      List<LayerRange> even = Split.bytes(bytes, nodes);
      assertDealt(layers, nodes, even);
      assertEquals(best(bytes, nodes), most(bytes, even));
    }
  }

  private static long most(List<Long> bytes, List<LayerRange> ranges) {
    return ranges.stream()
        .mapToLong(r -> IntStream.rangeClosed(r.first(), r.last()).mapToLong(bytes::get).sum())
        .max()
        .orElseThrow();
  }

  /** The least that the fullest node can have, by trying all ways. */
  private static long best(List<Long> bytes, int nodes) {
    List<Long> least = new ArrayList<>();
    long sum = 0;
    for (long each : bytes) {
      least.add(sum += each);
    }
    for (int node = 1; node < nodes; node++) {
      List<Long> next = new ArrayList<>();
      for (int last = 0; last < bytes.size(); last++) {
        long best = Long.MAX_VALUE;
        long tail = 0;
        for (int first = last; first >= 1; first--) {
          tail += bytes.get(first);
          best = Math.min(best, Math.max(tail, least.get(first - 1)));
        }
        next.add(best);
      }
      least = next;
    }
    return least.getLast();
  }

  @Test
  void moreNodesThanLayersIsUsage() {
    for (var split :
        List.<Runnable>of(
            () -> Split.equal(2, 3),
            () -> Split.memory(2, List.of(1L, 1L, 1L)),
            () -> Split.bytes(List.of(1L, 1L), 3))) {
      FailureException e = assertThrows(FailureException.class, split::run);
      assertEquals(ExitCode.USAGE, e.failure().exitCode());
      assertTrue(e.getMessage().contains("2 layers"));
    }
  }
}
