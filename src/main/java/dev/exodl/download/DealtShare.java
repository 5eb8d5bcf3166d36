package dev.exodl.download;

import dev.exodl.download.ShardRequest.Share;
import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.plan.swarm.SplitBy;
import dev.exodl.swarm.Hand;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out which share of the layers is this node's where the cluster deals them out. */
final class DealtShare {
  private DealtShare() {}

  /**
   * The request with the share that was dealt; as it is when that is for nobody to deal.
   *
   * @return empty when this node has no share and gets the whole model
   * @throws FailureException cluster failure when it has no share and wants nothing else
   */
  static Optional<ShardRequest> of(ShardRequest wanted, @Nullable InCluster in, SyncVoice voice)
      throws InterruptedException {
    if (!(wanted.share() instanceof Share.OfCluster asked)) {
      return Optional.of(wanted);
    }
    if (in == null) {
      throw new FailureException(
          new Failure.Usage("there is no cluster to share the layers with", "sync", "be in one"));
    }
    Hand hand = in.deal(asked.by(), asked.memory().orElseGet(HostMemory.HERE::available));
    if (hand.by() != asked.by()) {
      voice.warn(
          "the layers are dealt out with --split "
              + word(hand.by())
              + ", as a node asked that was first, and not with "
              + word(asked.by())
              + ": give all nodes the same");
    }
    if (hand.number() < 0) {
      String late =
          "the layers were dealt out to "
              + (hand.of() == 1 ? "1 node" : hand.of() + " nodes")
              + " before this one asked";
      if (wanted.thenComplete()) {
        voice.warn(late + ": it gets the whole model, and no layers of its own first");
        return Optional.empty();
      }
      throw new FailureException(
          new Failure.Cluster(
              late,
              "--split " + word(asked.by()),
              "start all nodes together with --wait-for, or add --then-complete"));
    }
    Share.Dealt dealt = new Share.Dealt(how(hand), hand.number() + 1, hand.of());
    voice.tell(new SyncEvent.Dealt(dealt));
    return Optional.of(wanted.with(dealt));
  }

  private static String word(SplitBy by) {
    return by.name().toLowerCase(Locale.ROOT);
  }

  private static SplitHow how(Hand hand) {
    return switch (hand.by()) {
      case EQUAL -> new SplitHow.Equal();
      case BYTES -> new SplitHow.ByBytes();
      case MEMORY -> new SplitHow.ByMemory(hand.memory());
    };
  }
}
