package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * This node's address in the cluster: nothing listens on another one.
 *
 * @param port of the cluster's own traffic; 0 for the first free one of the usual range
 * @param how why this address, for people
 */
public record Bind(InetAddress address, int port, String how) {
  /** Bridges and tunnels of containers and virtual machines: other hosts are rarely behind them. */
  private static final Pattern VIRTUAL =
      Pattern.compile(
          "(docker|br-|virbr|veth|cni|flannel|cali|lxc|lxd|podman|vmnet|vboxnet|tun).*");

  private static final Duration LOOK_UP = Duration.ofSeconds(1);

  /** An address that is sent to others is written without the name that a network has here. */
  public Bind {
    if (!address.isLinkLocalAddress()) {
      try {
        address = InetAddress.getByAddress(address.getAddress());
      } catch (UnknownHostException e) {
        throw new IllegalStateException("an address has 4 or 16 bytes", e);
      }
    }
  }

  /**
   * The address to use when the user names none: of an interface that is up and does multicast,
   * physical ones and IPv4 first, and of those the one that the system sends to other hosts from;
   * loopback when there is nothing else.
   *
   * @throws FailureException cluster failure when there is not even loopback
   */
  public static Bind choose() {
    Set<InetAddress> routed = routed();
    List<Candidate> candidates = candidates();
    return candidates.stream()
        .filter(c -> c.multicast && !c.address.isLoopbackAddress())
        .min(
            Comparator.comparing((Candidate c) -> VIRTUAL.matcher(c.name).matches())
                .thenComparing(c -> !(c.address instanceof Inet4Address))
                .thenComparing(c -> !routed.contains(c.address))
                .thenComparing(c -> !c.address.isSiteLocalAddress()))
        .map(c -> new Bind(c.address, 0, "of interface " + c.name))
        .or(
            () ->
                candidates.stream()
                    .filter(c -> c.address.isLoopbackAddress())
                    .min(Comparator.comparing(c -> !(c.address instanceof Inet4Address)))
                    .map(
                        c ->
                            new Bind(
                                c.address,
                                0,
                                "loopback, since no other interface is up: this host only")))
        .orElseThrow(
            () ->
                new FailureException(
                    new Failure.Cluster(
                        "no network interface is up",
                        "this host",
                        "bring one up, or leave out --cluster")));
  }

  /** As {@link #of(String, String)} for the option. */
  public static Bind of(String text) {
    return of(text, "--bind");
  }

  /**
   * The address that the user named: {@code ADDRESS}, {@code ADDRESS:PORT}, {@code INTERFACE} or
   * {@code INTERFACE:PORT}.
   *
   * @param where the option or setting it came from
   * @throws FailureException cluster failure when this host has no such address or interface
   */
  public static Bind of(String text, String where) {
    HostPort asked = HostPort.parse(text, where);
    List<Candidate> ofInterface =
        candidates().stream().filter(c -> c.name.equals(asked.host())).toList();
    if (!ofInterface.isEmpty()) {
      InetAddress address =
          ofInterface.stream()
              .map(Candidate::address)
              .min(Comparator.comparing(a -> !(a instanceof Inet4Address)))
              .orElseThrow();
      return new Bind(address, asked.port(), "of interface " + asked.host());
    }
    for (InetAddress address : addresses(asked.host())) {
      if (isOurs(address)) {
        return new Bind(address, asked.port(), "given");
      }
    }
    throw new FailureException(new Failure.Cluster(wrong(asked.host()), where, shown()));
  }

  private static String wrong(String host) {
    try {
      NetworkInterface named = NetworkInterface.getByName(host);
      if (named != null) {
        return "the interface '"
            + Printable.of(host)
            + (named.isUp() ? "' has no address but link-local ones" : "' is not up");
      }
    } catch (SocketException e) {
      // It is gone.
    }
    return "this host has no address and no interface called '" + Printable.of(host) + "'";
  }

  /** Whether others can be called from there; loopback does it though it does not say so. */
  boolean doesMulticast() {
    try {
      NetworkInterface its = NetworkInterface.getByInetAddress(address);
      return its == null || its.isLoopback() || its.supportsMulticast();
    } catch (SocketException e) {
      return true;
    }
  }

  /** Those of an address or name; a name service that is slow is not waited for. */
  private static List<InetAddress> addresses(String host) {
    return switch (NameLookup.within(NameLookup.of(host), LOOK_UP)) {
      case NameLookup.Answer.Addresses a -> a.all();
      case NameLookup.Answer.Unknown _, NameLookup.Answer.Silence _ -> List.of();
    };
  }

  private static boolean isOurs(InetAddress address) {
    try {
      return !address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  private record Candidate(String name, InetAddress address, boolean multicast) {
    @Override
    public String toString() {
      return name + " (" + address.getHostAddress() + ")";
    }
  }

  private static String shown() {
    return "give one of "
        + String.join(", ", candidates().stream().map(Candidate::toString).toList());
  }

  private static List<Candidate> candidates() {
    List<Candidate> found = new ArrayList<>();
    try {
      for (NetworkInterface i : NetworkInterface.networkInterfaces().toList()) {
        if (!i.isUp()) {
          continue;
        }
        for (InetAddress address : i.inetAddresses().toList()) {
          if (!address.isLinkLocalAddress()) {
            found.add(new Candidate(i.getName(), address, i.supportsMulticast()));
          }
        }
      }
    } catch (SocketException e) {
      // Then there is none.
    }
    return found;
  }

  /** The addresses the system would send to other hosts from; no packet is sent. */
  private static Set<InetAddress> routed() {
    Set<InetAddress> found = new HashSet<>();
    // Addresses for documentation (RFC 5737, RFC 3849): only the routes to them are looked up.
    for (String there : List.of("203.0.113.1", "2001:db8::1")) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral(there), 9));
        found.add(socket.getLocalAddress());
      } catch (IOException | RuntimeException e) {
        // Nothing is sent there.
      }
    }
    return found;
  }

  @Override
  public String toString() {
    return new HostPort(address.getHostAddress(), port) + " (" + how + ")";
  }
}
