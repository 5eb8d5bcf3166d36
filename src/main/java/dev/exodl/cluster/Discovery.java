package dev.exodl.cluster;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import dev.exodl.model.Printable;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How nodes find each other. */
public sealed interface Discovery {
  /** The group that nodes call into; organization-local (RFC 2365), so it does not leave a site. */
  String GROUP = "239.192.78.20";

  /** The same for IPv6 (RFC 4291): of organizations, and nobody's for ever. */
  String GROUP_6 = "ff18::4e14";

  /**
   * By a call into a multicast group of the local network.
   *
   * @param port UDP
   */
  record Multicast(InetAddress group, int port) implements Discovery {
    @Override
    public String toString() {
      return "multicast " + new HostPort(group.getHostAddress(), port);
    }
  }

  /** By asking these; not all have to be there, and others may come. */
  record Peers(List<HostPort> peers) implements Discovery {
    public Peers {
      peers = List.copyOf(peers);
    }

    @Override
    public String toString() {
      return "peers " + String.join(", ", peers.stream().map(HostPort::toString).toList());
    }
  }

  /**
   * By asking all addresses that a name has, looked up again and again.
   *
   * @param name host, and port if it is not the usual one
   */
  record Dns(HostPort name) implements Discovery {
    @Override
    public String toString() {
      return "dns " + name;
    }
  }

  /** By files in a folder that all nodes see. */
  record Folder(Path folder) implements Discovery {
    @Override
    public String toString() {
      return "folder " + folder;
    }
  }

  /**
   * What keeps nodes from being found that can be told, as a part of a sentence: a name that cannot
   * be looked up. Takes half a second at most.
   */
  default Optional<String> trouble() {
    List<HostPort> names =
        switch (this) {
          case Peers p -> p.peers();
          case Dns d -> List.of(d.name());
          case Multicast _, Folder _ -> List.of();
        };
    Map<String, CompletableFuture<NameLookup.Answer>> looking = new LinkedHashMap<>();
    names.forEach(n -> looking.computeIfAbsent(n.host(), NameLookup::of));
    long end = System.nanoTime() + 500_000_000L;
    List<String> troubles = new ArrayList<>();
    looking.forEach(
        (name, answer) -> {
          Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
          switch (NameLookup.within(answer, left)) {
            case NameLookup.Answer.Addresses _ -> {}
            case NameLookup.Answer.Unknown _ -> troubles.add("the name " + name + " is unknown");
            case NameLookup.Answer.Silence _ ->
                troubles.add("the name " + name + " could not be looked up");
          }
        });
    return troubles.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", troubles));
  }

  static Discovery multicast() {
    return new Multicast(InetAddress.ofLiteral(GROUP), Ports.FIRST);
  }

  /** Into the group that an address of this kind can send to. */
  static Discovery multicast(InetAddress from) {
    return from instanceof Inet6Address
        ? new Multicast(InetAddress.ofLiteral(GROUP_6), Ports.FIRST)
        : multicast();
  }

  /**
   * Reads {@code HOST[:PORT],…}.
   *
   * @throws FailureException usage failure
   */
  static Discovery peers(String text) {
    return new Peers(
        Arrays.stream(text.split(",", -1)).map(p -> HostPort.parse(p.strip(), "--peers")).toList());
  }

  /**
   * Reads {@code multicast}, {@code multicast:GROUP[:PORT]}, {@code dns:NAME[:PORT]} or {@code
   * file:FOLDER}.
   *
   * @throws FailureException usage failure
   */
  static Discovery parse(String text) {
    return parse(text, multicast());
  }

  /**
   * As the other.
   *
   * @param from this node's address, which decides what {@code multicast} alone means
   */
  static Discovery parse(String text, InetAddress from) {
    return parse(text, multicast(from));
  }

  private static Discovery parse(String text, Discovery multicast) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    return switch (kind) {
      case "multicast" -> rest.isEmpty() ? multicast : group(text, rest);
      case "dns" -> new Dns(HostPort.parse(rest, "--discovery"));
      case "file" -> {
        if (rest.isEmpty()) {
          throw bad(text);
        }
        yield new Folder(Path.of(rest));
      }
      default -> throw bad(text);
    };
  }

  private static Discovery group(String text, String rest) {
    HostPort group = HostPort.parse(rest, "--discovery");
    try {
      InetAddress address = InetAddress.ofLiteral(group.host());
      if (address.isMulticastAddress()) {
        return new Multicast(address, group.port() > 0 ? group.port() : Ports.FIRST);
      }
    } catch (IllegalArgumentException e) {
      // Not an address at all.
    }
    throw bad(text);
  }

  private static FailureException bad(String text) {
    return new FailureException(
        new Failure.Usage(
            "'" + Printable.of(text) + "' is no way to find other nodes",
            "--discovery",
            "give multicast, multicast:GROUP[:PORT], dns:NAME[:PORT] or file:FOLDER"));
  }
}
