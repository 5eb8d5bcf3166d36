package dev.exodl.download;

import dev.exodl.weights.LayerRange;
import dev.exodl.weights.ModelWeights;
import dev.exodl.weights.Split;
import java.util.List;

/** How a model's layers are dealt out to nodes. */
public sealed interface SplitHow {
  /** To each as many layers. */
  record Equal() implements SplitHow {}

  /** To each as many bytes, as near as layers allow. */
  record ByBytes() implements SplitHow {}

  /** In proportion to each node's memory in bytes. */
  record ByMemory(List<Long> memory) implements SplitHow {
    public ByMemory {
      memory = List.copyOf(memory);
    }
  }

  /** For example {@code equal}. */
  default String word() {
    return switch (this) {
      case Equal how -> "equal";
      case ByBytes how -> "bytes";
      case ByMemory how -> "memory";
    };
  }

  /**
   * The layers of each node.
   *
   * @throws dev.exodl.model.FailureException usage failure when there are more nodes than layers
   */
  default List<LayerRange> ranges(ModelWeights model, int nodes) {
    return switch (this) {
      case Equal how -> Split.equal(model.layers(), nodes);
      case ByBytes how -> Split.bytes(model.layerBytes(), nodes);
      case ByMemory how -> Split.memory(model.layers(), how.memory());
    };
  }
}
