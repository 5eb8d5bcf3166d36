package dev.exodl.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * All addresses of some names, looked up anew each few seconds: a name may have none yet, or others
 * later.
 */
final class NamedHosts implements AddressSource {
  private static final long LOOK_UP_NANOS = 3_000_000_000L;

  private final List<HostPort> hosts;
  private final Consumer<String> detail;
  private final Set<String> unknown = new HashSet<>();
  private Set<InetSocketAddress> known = Set.of();
  private long lookedUp;

  NamedHosts(List<HostPort> hosts, Consumer<String> detail) {
    this.hosts = hosts;
    this.detail = detail;
    this.lookedUp = System.nanoTime() - LOOK_UP_NANOS;
  }

  @Override
  public Set<InetSocketAddress> addresses(InetSocketAddress self) {
    if (System.nanoTime() - lookedUp >= LOOK_UP_NANOS) {
      Set<InetSocketAddress> found = new LinkedHashSet<>();
      hosts.forEach(h -> lookUp(h, found));
      known = found;
      lookedUp = System.nanoTime();
    }
    return known;
  }

  private void lookUp(HostPort peer, Set<InetSocketAddress> found) {
    try {
      for (InetAddress address : InetAddress.getAllByName(peer.host())) {
        int ports = peer.port() > 0 ? 1 : ours(address) ? Ports.ON_ONE_HOST : Ports.TRIED;
        int first = peer.port() > 0 ? peer.port() : Ports.FIRST;
        for (int port = first; port < first + ports; port++) {
          found.add(new InetSocketAddress(address, port));
        }
      }
      unknown.remove(peer.host());
    } catch (UnknownHostException e) {
      if (unknown.add(peer.host())) {
        detail.accept("peer " + peer.host() + ": the name has no address yet");
      }
    }
  }

  private static boolean ours(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
