package dev.exodl.swarm;

import dev.exodl.fetch.ChunkSource;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.NodeId;
import dev.exodl.plan.swarm.Place;
import dev.exodl.plan.swarm.SwarmMessage;
import dev.exodl.share.PeerSource;
import dev.exodl.share.TlsIdentity;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the chunks of the other nodes are read from: the address that a node has in the cluster,
 * and the port on its card. A card with another machine's address would send all nodes there.
 * Thread-safe.
 */
final class PeerSources {
  private final Members members;
  private final Function<NodeId, @Nullable InetAddress> hosts;
  private final byte @Nullable [] secret;
  private final @Nullable TlsIdentity tls;
  private final Consumer<String> detail;
  private final ConcurrentHashMap<NodeId, PeerSource> sources = new ConcurrentHashMap<>();

  /**
   * No sources yet.
   *
   * @param hosts the address that a node has in the cluster, null while that is not known
   * @param secret of chunk requests, null when the cluster has no key
   * @param tls for nodes that encrypt, null when the cluster has no key
   */
  PeerSources(
      Members members,
      Function<NodeId, @Nullable InetAddress> hosts,
      byte @Nullable [] secret,
      @Nullable TlsIdentity tls,
      Consumer<String> detail) {
    this.members = members;
    this.hosts = hosts;
    this.secret = secret;
    this.tls = tls;
    this.detail = detail;
  }

  ChunkSource of(NodeId peer) {
    PeerSource known = sources.get(peer);
    if (known != null) {
      return known;
    }
    SwarmMessage.Card card = members.card(peer).orElse(null);
    InetAddress host = hosts.apply(peer);
    if (card == null || host == null) {
      String what = card == null ? " left" : " has no address yet";
      return (file, range) -> {
        throw new SourceException(new Trouble.Broken("node " + peer.brief() + what));
      };
    }
    String address = host.getHostAddress();
    if (!Place.isSameAddress(address, card.host())) {
      detail.accept(
          members.name(peer) + " is at " + address + ", whatever its card says: asked there");
    }
    return sources.computeIfAbsent(
        peer, p -> new PeerSource(address, card.port(), secret, card.encrypts() ? tls : null));
  }

  /** It left. */
  void forget(NodeId peer) {
    sources.remove(peer);
  }
}
