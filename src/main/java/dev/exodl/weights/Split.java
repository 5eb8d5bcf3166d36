package dev.exodl.weights;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Deals a model's layers out to nodes: to each a range of at least one layer, in order, all layers
 * in all.
 */
public final class Split {
  private Split() {}

  /**
   * To each as many, the first ones one more where that does not come out even.
   *
   * @throws dev.exodl.model.FailureException usage failure when there are more nodes than layers
   */
  public static List<LayerRange> equal(int layers, int nodes) {
    checkNodes(layers, nodes);
    int[] counts = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      counts[i] = layers / nodes + (i < layers % nodes ? 1 : 0);
    }
    return ranges(counts);
  }

  /**
   * In proportion to the nodes' memory: what is left of a layer goes to the largest remainders, and
   * who would have none gets one of the node that has most (as exo does).
   *
   * @param memory bytes of each node, positive
   * @throws dev.exodl.model.FailureException usage failure when there are more nodes than layers
   */
  public static List<LayerRange> memory(int layers, List<Long> memory) {
    int nodes = memory.size();
    checkNodes(layers, nodes);
    BigInteger all = BigInteger.ZERO;
    for (long bytes : memory) {
      if (bytes < 1) {
        throw new IllegalArgumentException("a node with " + bytes + " bytes");
      }
      all = all.add(BigInteger.valueOf(bytes));
    }
    int[] counts = new int[nodes];
    List<BigInteger> remainders = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      BigInteger[] part =
          BigInteger.valueOf(memory.get(i))
              .multiply(BigInteger.valueOf(layers))
              .divideAndRemainder(all);
      counts[i] = part[0].intValueExact();
      remainders.add(part[1]);
    }
    int left = layers - Arrays.stream(counts).sum();
    IntStream.range(0, nodes)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> remainders.get(i)).reversed())
        .limit(left)
        .forEach(i -> counts[i]++);
    for (int i = 0; i < nodes; i++) {
      if (counts[i] == 0) {
        int most =
            IntStream.range(0, nodes)
                .boxed()
                .max(Comparator.comparingInt((Integer n) -> counts[n]))
                .orElseThrow();
        counts[most]--;
        counts[i]++;
      }
    }
    return ranges(counts);
  }

  /**
   * So that the node with most bytes has as few as can be.
   *
   * @param bytes of each layer, with what goes with it
   * @throws dev.exodl.model.FailureException usage failure when there are more nodes than layers
   */
  public static List<LayerRange> bytes(List<Long> bytes, int nodes) {
    checkNodes(bytes.size(), nodes);
    long low = bytes.stream().mapToLong(Long::longValue).max().orElseThrow();
    long high = bytes.stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (ranges(bytes, nodes, middle) == null) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int[] counts = ranges(bytes, nodes, low);
    if (counts == null) {
      throw new IllegalStateException("all layers in one range are within the sum of all");
    }
    return ranges(counts);
  }

  /** Fills one node after the other; null when the nodes do not take all layers. */
  private static int @org.jspecify.annotations.Nullable [] ranges(
      List<Long> bytes, int nodes, long most) {
    int[] counts = new int[nodes];
    int node = 0;
    long held = 0;
    for (int layer = 0; layer < bytes.size(); layer++) {
      boolean full = counts[node] > 0 && held + bytes.get(layer) > most;
      // Each node after this one is to have a layer too.
      boolean owed = counts[node] > 0 && bytes.size() - layer <= nodes - 1 - node;
      if (full || owed) {
        node++;
        held = 0;
        if (node == nodes) {
          return null;
        }
      }
      counts[node]++;
      held += bytes.get(layer);
    }
    return counts;
  }

  private static List<LayerRange> ranges(int[] counts) {
    List<LayerRange> ranges = new ArrayList<>();
    int first = 0;
    for (int count : counts) {
      ranges.add(new LayerRange(first, first + count - 1));
      first += count;
    }
    return ranges;
  }

  private static void checkNodes(int layers, int nodes) {
    if (nodes < 1) {
      throw new IllegalArgumentException(nodes + " nodes");
    }
    if (nodes > layers) {
      throw Refusal.usage(
          "the model has " + (layers == 1 ? "1 layer" : layers + " layers"),
          nodes + " shares",
          "ask for no more shares than layers");
    }
  }
}
