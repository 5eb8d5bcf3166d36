package dev.exodl.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All addresses of some names, looked up anew each few seconds: a name may have none yet, or others
 * later. Who asks waits for the first answers only, and not long.
 */
final class NamedHosts implements AddressSource {
  private static final long LOOK_UP_NANOS = 3_000_000_000L;

  /** A name service that is well answers sooner; what comes later is found at the next call. */
  private static final long FIRST_NANOS = 1_000_000_000L;

  private final Function<String, CompletableFuture<NameLookup.Answer>> service;
  private final Consumer<String> detail;
  private final Map<String, Name> names = new LinkedHashMap<>();
  private final List<HostPort> hosts;
  private final Set<String> told = new HashSet<>();
  private boolean asked;

  /** A name, what it is known to stand for, and the question about it that has no answer yet. */
  private static final class Name {
    List<InetAddress> addresses = List.of();
    CompletableFuture<NameLookup.Answer> looking;
    boolean answered;
    long lookedUp = System.nanoTime();

    Name(CompletableFuture<NameLookup.Answer> looking) {
      this.looking = looking;
    }
  }

  NamedHosts(List<HostPort> hosts, Consumer<String> detail) {
    this(hosts, detail, NameLookup::of);
  }

  NamedHosts(
      List<HostPort> hosts,
      Consumer<String> detail,
      Function<String, CompletableFuture<NameLookup.Answer>> service) {
    this.hosts = List.copyOf(hosts);
    this.detail = detail;
    this.service = service;
  }

  @Override
  public Set<InetSocketAddress> addresses(InetSocketAddress self) {
    long now = System.nanoTime();
    for (HostPort host : hosts) {
      Name name = names.computeIfAbsent(host.host(), h -> new Name(service.apply(h)));
      if (name.answered && now - name.lookedUp >= LOOK_UP_NANOS) {
        name.looking = service.apply(host.host());
        name.answered = false;
        name.lookedUp = now;
      }
    }
    long end = now + (asked ? 0 : FIRST_NANOS);
    asked = true;
    names.forEach((host, name) -> take(host, name, end));
    Set<InetSocketAddress> found = new LinkedHashSet<>();
    hosts.forEach(h -> add(h, Objects.requireNonNull(names.get(h.host())), found));
    return found;
  }

  private void take(String host, Name name, long end) {
    if (name.answered) {
      return;
    }
    Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    NameLookup.Answer answer = NameLookup.within(name.looking, left);
    name.answered = name.looking.isDone();
    switch (answer) {
      case NameLookup.Answer.Addresses a -> {
        name.addresses = a.all();
        told.remove(host);
      }
      case NameLookup.Answer.Unknown _ -> {
        name.addresses = List.of();
        tell(host, "the name has no address yet");
      }
      // What it was is more likely right than nothing.
      case NameLookup.Answer.Silence _ -> tell(host, "the name service does not answer");
    }
  }

  private void tell(String host, String what) {
    if (told.add(host)) {
      detail.accept("peer " + host + ": " + what);
    }
  }

  private static void add(HostPort peer, Name name, Set<InetSocketAddress> found) {
    for (InetAddress address : name.addresses) {
      int ports = peer.port() > 0 ? 1 : ours(address) ? Ports.ON_ONE_HOST : Ports.TRIED;
      int first = peer.port() > 0 ? peer.port() : Ports.FIRST;
      for (int port = first; port < first + ports; port++) {
        found.add(new InetSocketAddress(address, port));
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
