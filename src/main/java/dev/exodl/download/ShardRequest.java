package dev.exodl.download;

import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.weights.Layers;
import dev.exodl.weights.ModelWeights;
import dev.exodl.weights.Shard;
import dev.exodl.weights.Split;
import java.util.Optional;

/**
 * Only some layers of a model are wanted, or before the rest.
 *
 * @param withShared also all that has no layer
 * @param thenComplete whether the rest is wanted too, after them
 */
public record ShardRequest(Share share, boolean withShared, ShardForm form, boolean thenComplete) {
  /** A request for these only. */
  public ShardRequest(Share share, boolean withShared, ShardForm form) {
    this(share, withShared, form, false);
  }

  /** Which layers. */
  public sealed interface Share {
    /** These. */
    record Listed(Layers layers) implements Share {}

    /** One of so many shares that have as many layers each. */
    record Numbered(Shard shard) implements Share {}

    /**
     * The one that the cluster's coordinator deals to this node.
     *
     * @param memory bytes that this node has for layers; empty for what is available here
     */
    record OfCluster(SplitBy by, Optional<Long> memory) implements Share {}

    /** Share {@code number} of {@code of}, from 1, as it was dealt to this node. */
    record Dealt(SplitHow how, int number, int of) implements Share {}
  }

  /** The same with another share. */
  ShardRequest with(Share other) {
    return new ShardRequest(other, withShared, form, thenComplete);
  }

  /** Whether it depends on the sizes of all layers which these are. */
  boolean needsSizes() {
    return share instanceof Share.Dealt dealt && dealt.how() instanceof SplitHow.ByBytes;
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
      case Share.Dealt dealt ->
          Layers.of(dealt.how().ranges(model, dealt.of()).get(dealt.number() - 1));
      case Share.OfCluster none -> throw new IllegalStateException("nothing was dealt yet");
    };
  }
}
