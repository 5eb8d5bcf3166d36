package dev.exodl.cluster;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.util.SocketFactory;
import org.jgroups.util.TLS;
import org.jgroups.util.TLSClientAuth;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;

/** JGroups' protocols for one node, lowest first; docs/adr/0010 says why these. */
final class Stack {
  /** How long a node that starts listens for others before it may be the first one. */
  static final long JOIN_MILLIS = 600;

  static final int LONGEST_ON_THE_WIRE = 4 << 20;

  private Stack() {}

  static JChannel build(ClusterSettings settings, Consumer<String> detail, Consumer<String> warning)
      throws Exception {
    Payloads.restrict();
    JChannel channel =
        new JChannel(
            transport(settings, warning),
            discovery(settings, detail, warning).numDiscoveryRuns(4),
            // Nodes that began apart, or were cut apart, find each other within a second or two.
            new MERGE3().setMaxInterval(1500).setMinInterval(500),
            new WatchPort()
                .setBindAddress(settings.bind().address())
                .setOffset(Ports.TO_WATCHED)
                .setPortRange(Ports.ON_ONE_HOST),
            new FD_ALL3().setTimeout(6000).setInterval(1500),
            new VERIFY_SUSPECT2().setTimeout(1000),
            new NAKACK2().useMcastXmit(false).setXmitInterval(300).logDiscardMessages(false),
            // Two nodes that connect to each other at the same moment lose what went over one of
            // the two.
            new UNICAST3().setXmitInterval(150),
            new STABLE().setDesiredAverageGossip(60_000).setMaxBytes(4_000_000),
            new GMS()
                .setJoinTimeout(JOIN_MILLIS)
                .setLeaveTimeout(700)
                .setMaxJoinAttempts(10)
                .printLocalAddress(false)
                .logViewWarnings(false)
                .logCollectMessages(false),
            new UFC().setMaxCredits(4_000_000),
            new FRAG4().setFragSize(60_000));
    channel.addAddressGenerator(Stack::address);
    return channel;
  }

  private static Traffic transport(ClusterSettings settings, Consumer<String> warning)
      throws GeneralSecurityException {
    boolean told = settings.bind().port() > 0;
    Traffic tcp = new Traffic(tls(settings.key(), warning));
    tcp.setBindAddress(settings.bind().address())
        .setBindPort(told ? settings.bind().port() : Ports.FIRST)
        .setPortRange(told ? 0 : Ports.ON_ONE_HOST - 1);
    tcp.setSockConnTimeout(1000).setMaxLength(LONGEST_ON_THE_WIRE);
    // Other clusters on the same network are nothing to tell of.
    tcp.setLogDiscardMessages(false);
    tcp.tcpNodelay(true);
    // JGroups' own has one thread for all that is sent: an address that does not answer would hold
    // up what goes to all others, for a second each time it is tried.
    tcp.setBundlerType("no-bundler");
    return tcp;
  }

  /** Null without a key. */
  static @Nullable SocketFactory tls(@Nullable ClusterKey key, Consumer<String> warning)
      throws GeneralSecurityException {
    return key == null
        ? null
        : new TLS()
            .setProtocols(new String[] {"TLSv1.3"})
            .setClientAuth(TLSClientAuth.NEED)
            .createSocketFactory(
                key.tls(a -> warning.accept(Warnings.refused(a.isEmpty() ? a : " at " + a))));
  }

  private static AddressPing discovery(
      ClusterSettings settings, Consumer<String> detail, Consumer<String> warning) {
    AddressSource source =
        switch (settings.discovery()) {
          case Discovery.Multicast m -> new MulticastCalls(m, settings, detail, warning);
          case Discovery.Peers p -> new NamedHosts(p.peers(), detail);
          case Discovery.Dns d -> new NamedHosts(List.of(d.name()), detail);
          case Discovery.Folder f -> new SharedFolder(f.folder(), settings.name(), detail);
        };
    AddressPing ping = new AddressPing(source, settings.name(), warning);
    // A host that does not answer keeps nobody else waiting.
    ping.asyncDiscoveryUseSeparateThread(true);
    return ping;
  }

  /**
   * A name for this node that orders nodes by when they started: JGroups makes the first in order
   * the coordinator when several start together, and the one that started first is the one that
   * others have heard of.
   */
  private static Address address() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long millis = System.currentTimeMillis() & 0x7fff_ffff_ffffL;
    return new UUID((millis << 16) | random.nextInt(1 << 16), new SecureRandom().nextLong());
  }
}
