package dev.exodl.swarm;

import dev.exodl.cluster.ClusterKey;
import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.share.Shelf;
import dev.exodl.share.TlsIdentity;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How this node asks others for chunks and is asked. One that encrypts takes nothing from those
 * that do not: it would go over the network as it is. Thread-safe.
 */
final class Peering {
  private final SwarmNode node;
  private final NodeSettings settings;
  private final byte @Nullable [] secret;
  private final @Nullable TlsIdentity tls;
  private final PeerSources sources;
  private final AtomicBoolean warned = new AtomicBoolean();

  Peering(SwarmNode node, NodeSettings settings) {
    this.node = node;
    this.settings = settings;
    ClusterKey key = settings.cluster().key();
    this.secret = key == null ? null : key.secret("chunk requests");
    this.tls = key == null ? null : new TlsIdentity(key.shown(), key.accepted());
    this.sources = new PeerSources(node.members(), node::hostOf, secret, tls, node::detail);
  }

  /** Begins to serve as the others are to ask. */
  ChunkServing serve(Shelf shelf, NodeListener listener) {
    return ChunkServing.start(settings, secret, settings.encrypt() ? tls : null, shelf, listener);
  }

  /** Whether chunks are taken from the node with this card. */
  private boolean takesFrom(SwarmMessage.Card card) {
    return card.port() > 0 && (card.encrypts() || !settings.encrypt());
  }

  /** A node told who it is. */
  void card(NodeId from, SwarmMessage.Card card) {
    if (card.port() > 0 && !takesFrom(card) && warned.compareAndSet(false, true)) {
      node.warn(
          node.members().name(from)
              + " does not encrypt: no chunk is taken from it, nor from other such nodes (start"
              + " them with --encrypt)");
    }
  }

  /** Where the peer's chunks are read from. */
  ChunkSource source(NodeId peer) {
    SwarmMessage.Card card = node.members().card(peer).orElse(null);
    if (card != null && !takesFrom(card)) {
      return (file, range) -> {
        throw new SourceException(
            new Trouble.Broken(
                "node " + peer.brief() + " does not serve, or not as this node takes it"));
      };
    }
    return sources.of(peer);
  }

  void forget(NodeId peer) {
    sources.forget(peer);
  }
}
