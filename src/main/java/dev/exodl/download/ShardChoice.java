package dev.exodl.download;

import dev.exodl.weights.Layers;
import dev.exodl.weights.ModelWeights;
import dev.exodl.weights.Needed;

/**
 * What a node needs for its layers.
 *
 * @param withShared whether all that has no layer is among it
 * @param form what comes here of it
 */
public record ShardChoice(
    ModelWeights model, Layers layers, boolean withShared, Needed needed, ShardForm form) {
  static ShardChoice of(ModelWeights model, Layers layers, boolean withShared, ShardForm form) {
    return new ShardChoice(model, layers, withShared, model.needed(layers, withShared), form);
  }

  /** What the whole weight files have more than the needed tensors, in bytes. */
  public long more() {
    return needed.fileBytes() - needed.bytes();
  }
}
