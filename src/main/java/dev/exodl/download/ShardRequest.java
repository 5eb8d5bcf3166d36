package dev.exodl.download;

import dev.exodl.weights.Layers;
import dev.exodl.weights.ModelWeights;
import dev.exodl.weights.Shard;
import dev.exodl.weights.Split;

/**
 * Only some layers of a model are wanted.
 *
 * @param withShared also all that has no layer
 */
public record ShardRequest(Share share, boolean withShared, ShardForm form) {
  /** Which layers. */
  public sealed interface Share {
    /** These. */
    record Listed(Layers layers) implements Share {}

    /** One of so many shares that have as many layers each. */
    record Numbered(Shard shard) implements Share {}
  }

  /**
   * What is needed of this model.
   *
   * @throws dev.exodl.model.FailureException usage failure when it does not have these layers
   */
  ShardChoice of(ModelWeights model) {
    return ShardChoice.of(model, layers(model), withShared, form);
  }

  /**
   * The layers of this model.
   *
   * @throws dev.exodl.model.FailureException usage failure when it does not have them
   */
  private Layers layers(ModelWeights model) {
    return switch (share) {
      case Share.Listed listed -> listed.layers().in("--layers", model.layers());
      case Share.Numbered numbered ->
          Layers.of(
              Split.equal(model.layers(), numbered.shard().of())
                  .get(numbered.shard().number() - 1));
    };
  }
}
