package dev.exodl.cluster;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jgroups.util.Tuple;

/** JGroups' discovery by asking known addresses, with addresses that change while it runs. */
public final class AddressPing extends TCPPING {
  private final AddressSource source;

  AddressPing(AddressSource source) {
    this.source = source;
    // On the wire it is TCPPING: JGroups finds a protocol's number by its class.
    this.id = ClassConfigurator.getProtocolId(TCPPING.class);
    this.initial_hosts = List.of();
    this.initial_hosts_set_programmatically = true;
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
        super.findMembers(members, initial, responses);
      }
    }
  }

  private Object self() {
    return down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr));
  }

  private synchronized void refresh(InetSocketAddress self) {
    Set<InetSocketAddress> addresses = source.addresses(self);
    List<PhysicalAddress> hosts = new ArrayList<>();
    for (InetSocketAddress a : addresses) {
      if (!a.equals(self)) {
        hosts.add(new IpAddress(a.getAddress(), a.getPort()));
      }
    }
    initial_hosts = List.copyOf(hosts);
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
    return event.getType() == Event.ADD_PHYSICAL_ADDRESS
            && event.getArg() instanceof Tuple<?, ?> told
            && told.val1() instanceof Address member
            && isKnownElsewhere(member, told.val2())
        ? false
        : super.down(event);
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
