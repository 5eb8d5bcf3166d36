package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * Calls into a multicast group and hears those of others. What is heard is nothing but an address
 * to ask, as one given with {@code --peers} is; docs/adr/0012 says why it is not JGroups' MPING.
 */
final class MulticastCalls implements AddressSource {
  /** Through so many routers, as JGroups' MPING; the usual group does not leave a site anyway. */
  private static final int HOPS = 8;

  private static final long AGAIN_NANOS = 60_000_000_000L;

  private final Discovery.Multicast where;
  private final Bind bind;
  private final Call call;
  private final boolean keyed;
  private final Consumer<String> detail;
  private final Consumer<String> warning;
  private final CallLimit limit = new CallLimit();
  private volatile @Nullable InetSocketAddress self;
  private @Nullable MulticastSocket hears;
  private @Nullable MulticastSocket calls;
  private final Map<String, Long> toldAt = new HashMap<>();

  /**
   * Calls of the node with these settings.
   *
   * @throws FailureException cluster failure when its interface does no multicast
   */
  MulticastCalls(
      Discovery.Multicast where,
      ClusterSettings settings,
      Consumer<String> detail,
      Consumer<String> warning) {
    this.where = where;
    this.bind = settings.bind();
    this.call = new Call(settings.name(), settings.key());
    this.keyed = settings.key() != null;
    if (!bind.doesMulticast()) {
      throw new FailureException(
          new Failure.Cluster(
              "no multicast goes by the interface of " + bind.address().getHostAddress(),
              bind + ", " + where,
              "give --peers or another --discovery, or an address of another interface with --bind"));
    }
    this.detail = detail;
    this.warning = warning;
  }

  @Override
  public synchronized void open(Consumer<InetSocketAddress> heard) throws IOException {
    NetworkInterface on = NetworkInterface.getByInetAddress(bind.address());
    MulticastSocket in = bound();
    hears = in;
    in.joinGroup(new InetSocketAddress(where.group(), where.port()), on);
    MulticastSocket out = new MulticastSocket(new InetSocketAddress(bind.address(), 0));
    calls = out;
    out.setNetworkInterface(on);
    out.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
    Thread.ofPlatform().daemon().name("exo-dl hears calls").start(() -> hear(in, heard));
  }

  /** On Linux a socket hears what is sent to the group it is bound to, and nothing else. */
  private MulticastSocket bound() throws IOException {
    if (Util.can_bind_to_mcast_addr) {
      try {
        return new MulticastSocket(new InetSocketAddress(where.group(), where.port()));
      } catch (IOException e) {
        detail.accept("cannot listen at " + where + " alone: " + e);
      }
    }
    return new MulticastSocket(where.port());
  }

  @Override
  public boolean isHeard() {
    return true;
  }

  /** Calls. Who hears it asks this node, so no address is told here. */
  @Override
  public synchronized Set<InetSocketAddress> addresses(InetSocketAddress at) {
    self = at;
    MulticastSocket out = calls;
    if (out != null) {
      byte[] bytes = call.of(at.getAddress(), at.getPort());
      try {
        out.send(new DatagramPacket(bytes, bytes.length, where.group(), where.port()));
      } catch (IOException e) {
        warning.accept(
            "other nodes cannot be called at "
                + where
                + " from "
                + bind.address().getHostAddress()
                + ": "
                + e.getMessage()
                + " (give another address with --bind, or --peers)");
      }
    }
    return Set.of();
  }

  /** Until it is closed. */
  void hear(MulticastSocket in, Consumer<InetSocketAddress> heard) {
    // One byte more than a call has: what is longer is cut to that, and is none.
    byte[] bytes = new byte[Call.LENGTH + 1];
    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
    while (!in.isClosed()) {
      try {
        packet.setLength(bytes.length);
        in.receive(packet);
        hear(bytes, packet, heard);
      } catch (IOException | RuntimeException | Error e) {
        if (!in.isClosed()) {
          tell(detail, "cannot hear " + where, ": " + e);
          pause();
        }
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hear(byte[] bytes, DatagramPacket packet, Consumer<InetSocketAddress> heard) {
    InetAddress from = packet.getAddress();
    Optional<Call.Heard> read = call.read(bytes, packet.getLength(), from);
    if (read.isEmpty()) {
      tell(
          detail,
          "ignored a datagram at " + where + " that is no call",
          ", from " + from.getHostAddress());
      return;
    }
    switch (read.get()) {
      case Call.Heard.Ours ours -> ask(new InetSocketAddress(from, ours.port()), heard);
      case Call.Heard.WithoutOurKey w ->
          tell(warning, "", Warnings.withoutOurKey(keyed, " at " + from.getHostAddress()));
      case Call.Heard.Others o -> {}
    }
  }

  private void ask(InetSocketAddress node, Consumer<InetSocketAddress> heard) {
    if (!node.equals(self) && limit.begin(node, System.nanoTime())) {
      Thread.ofVirtual()
          .name("exo-dl asks")
          .start(
              () -> {
                try {
                  heard.accept(node);
                } finally {
                  limit.end(node);
                }
              });
    }
  }

  /** Anybody can send anything from any address: of each kind one text a minute is enough. */
  private void tell(Consumer<String> to, String kind, String more) {
    long now = System.nanoTime();
    Long before = toldAt.get(kind);
    if (before == null || now - before >= AGAIN_NANOS) {
      toldAt.put(kind, now);
      to.accept(kind + more);
    }
  }

  @Override
  public synchronized void close() {
    Util.close(hears, calls);
  }
}
