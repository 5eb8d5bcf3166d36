package dev.exodl.cluster;

import java.io.DataInput;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.PingHeader;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Bits;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jgroups.util.Tuple;
import org.jspecify.annotations.Nullable;

/** JGroups' discovery by asking known addresses, with addresses that change while it runs. */
public final class AddressPing extends TCPPING {
  private final AddressSource source;
  private final String name;
  private final Consumer<String> warning;
  private final Met met = new Met();
  private final ReentrantLock refreshing = new ReentrantLock();
  private volatile List<PhysicalAddress> told = List.of();

  /** Another one in tests. */
  int version = MessageCodec.VERSION;

  /** For the cluster of this name. */
  AddressPing(AddressSource source, String name, Consumer<String> warning) {
    this.source = source;
    this.name = name;
    this.warning = warning;
    // On the wire it is TCPPING: JGroups finds a protocol's number by its class.
    this.id = ClassConfigurator.getProtocolId(TCPPING.class);
    this.initial_hosts = List.of();
    this.initial_hosts_set_programmatically = true;
    this.max_dynamic_hosts = 1;
  }

  @Override
  public void start() throws Exception {
    super.start();
    source.open(this::ask);
  }

  @Override
  public void stop() {
    source.close();
    super.stop();
  }

  /** Else the first member sends all addresses to all whenever one joins. */
  @Override
  public boolean isDynamic() {
    return source.isHeard();
  }

  @Override
  public void findMembers(List<Address> members, boolean initial, Responses responses) {
    if (self() instanceof IpAddress self) {
      refresh(new InetSocketAddress(self.getIpAddress(), self.getPort()));
      if (!source.isHeard()) {
        meet();
        Set<PhysicalAddress> hosts = new LinkedHashSet<>(told);
        hosts.addAll(met.all());
        hosts.remove(self);
        initial_hosts = List.copyOf(hosts);
        // JGroups would ask for ever, wherever anybody said once that a node is.
        dynamic_hosts.clear();
        super.findMembers(members, initial, responses);
      }
    }
  }

  private Object self() {
    return down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr));
  }

  /** While a source hangs those are asked that it told before. */
  private void refresh(InetSocketAddress self) {
    if (refreshing.tryLock()) {
      try {
        told =
            source.addresses(self).stream()
                .map(a -> (PhysicalAddress) new IpAddress(a.getAddress(), a.getPort()))
                .toList();
      } finally {
        refreshing.unlock();
      }
    }
  }

  private void meet() {
    View now = view;
    if (now != null) {
      met.see(
          now.getMembers(),
          local_addr,
          m -> (PhysicalAddress) down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, m)),
          System.nanoTime());
    }
  }

  /**
   * Asks one that called, and tells it at the same time who this node is and whether it
   * coordinates, so that it need not ask back. Of two that are about to join only one asks: it
   * takes long when many connect to each other at once, and each hears the other's calls.
   */
  private void ask(InetSocketAddress caller) {
    Address us = local_addr;
    IpAddress node = new IpAddress(caller.getAddress(), caller.getPort());
    if (us != null
        && cluster_name != null
        && !is_leaving
        && self() instanceof IpAddress self
        && (is_server || self.compareTo(node) > 0)) {
      PingData data = new PingData(us, is_server, NameCache.get(us), self).coord(is_coord);
      sendDiscoveryRequest(
          new BytesMessage(node)
              .setFlag(Message.Flag.DONT_BUNDLE, Message.Flag.OOB)
              .setFlag(Message.TransientFlag.DONT_LOOPBACK)
              .putHeader(id, new PingHeader(PingHeader.GET_MBRS_REQ).clusterName(language()))
              .setArray(marshal(data)));
    }
  }

  /** Nodes find only those whose messages they can read. */
  private String language() {
    return name + "/" + version;
  }

  @Override
  public void handleConnect() {
    cluster_name = language();
    super.handleConnect();
  }

  @Override
  protected @Nullable Object handle(PingHeader header, Message message) {
    if (!tellsOfOne(message)) {
      return null;
    }
    if (header.type() == PingHeader.GET_MBRS_REQ && !language().equals(asked(header))) {
      // The transport leaves out other clusters.
      warning.accept(
          "a node of another version of exo-dl"
              + sender(message)
              + " is left out: its messages cannot be read here (use one version on all nodes)");
      return null;
    }
    return super.handle(header, message);
  }

  /** JGroups would connect to as many as anybody tells of. */
  private static boolean tellsOfOne(Message message) {
    return message.hasArray()
        && message.getLength() >= Integer.BYTES
        && Bits.readInt(message.getArray(), message.getOffset()) == 1;
  }

  /** Which cluster's members a request is for; JGroups tells it in no other way. */
  private static @Nullable String asked(PingHeader header) {
    try {
      ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(header.serializedSize());
      header.writeTo(out);
      DataInput in = new ByteArrayDataInputStream(out.buffer(), 1, out.position() - 1);
      return Bits.readString(in);
    } catch (IOException e) {
      return null;
    }
  }

  private String sender(Message message) {
    List<PingData> told =
        readPingData(message.getArray(), message.getOffset(), message.getLength());
    return told != null
            && !told.isEmpty()
            && told.getFirst().getPhysicalAddr() instanceof IpAddress at
        ? " at " + at.getIpAddress().getHostAddress()
        : "";
  }

  /** A member is where it was when it joined, whatever another one says. */
  @Override
  public Object down(Event event) {
    if (event.getType() == Event.ADD_PHYSICAL_ADDRESS
        && event.getArg() instanceof Tuple<?, ?> where
        && where.val1() instanceof Address member
        && isKnownElsewhere(member, where.val2())) {
      return false;
    }
    Object answer = super.down(event);
    if (event.getType() == Event.VIEW_CHANGE) {
      meet();
    }
    return answer;
  }

  private boolean isKnownElsewhere(Address member, Object told) {
    View now = view;
    if (!member.equals(local_addr) && (now == null || !now.containsMember(member))) {
      return false;
    }
    Object known = down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, member));
    return known != null && !known.equals(told);
  }

  @Override
  public void handleDisconnect() {
    source.leave();
    super.handleDisconnect();
  }
}
