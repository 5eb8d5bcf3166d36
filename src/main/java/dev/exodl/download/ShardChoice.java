package dev.exodl.download;

import dev.exodl.weights.Layers;
import dev.exodl.weights.ModelWeights;
import dev.exodl.weights.Needed;

/**
 * What a node needs for its layers.
 *
 * @param withShared whether all that has no layer is among it
 */
public record ShardChoice(ModelWeights model, Layers layers, boolean withShared, Needed needed) {
  static ShardChoice of(ModelWeights model, Layers layers, boolean withShared) {
    return new ShardChoice(model, layers, withShared, model.needed(layers, withShared));
  }

  /** What the whole weight files have more than the needed tensors, in bytes. */
  public long more() {
    return needed.fileBytes() - needed.bytes();
  }
}
