package dev.exodl.cluster;

import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
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
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jgroups.util.Tuple;
import org.jspecify.annotations.Nullable;

/** JGroups' discovery by asking known addresses, with addresses that change while it runs. */
public final class AddressPing extends TCPPING {
  private final AddressSource source;
  private final Met met = new Met();
  private final ReentrantLock refreshing = new ReentrantLock();
  private volatile List<PhysicalAddress> told = List.of();

  AddressPing(AddressSource source) {
    this.source = source;
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

  /** A message tells of one node. JGroups would connect to as many as anybody tells of. */
  @Override
  protected @Nullable Object handle(PingHeader header, Message message) {
    return message.hasArray()
            && message.getLength() >= Integer.BYTES
            && Bits.readInt(message.getArray(), message.getOffset()) == 1
        ? super.handle(header, message)
        : null;
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
              .putHeader(id, new PingHeader(PingHeader.GET_MBRS_REQ).clusterName(cluster_name))
              .setArray(marshal(data)));
    }
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
