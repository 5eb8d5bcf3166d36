package dev.exodl.download;

import dev.exodl.weights.Layers;
import dev.exodl.weights.ModelWeights;
import java.util.List;

/**
 * Which layers each node would have.
 *
 * @param nodes what each needs, in order
 */
public record SplitResult(SplitHow how, ModelWeights model, List<ShardChoice> nodes) {
  public SplitResult {
    nodes = List.copyOf(nodes);
  }

  static SplitResult of(SplitHow how, int nodes, ModelWeights model) {
    return new SplitResult(
        how,
        model,
        how.ranges(model, nodes).stream()
            .map(range -> ShardChoice.of(model, Layers.of(range), false, ShardForm.FILES))
            .toList());
  }
}
