package dev.exodl.cluster;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.Responses;

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
  public void findMembers(List<Address> members, boolean initial, Responses responses) {
    if (down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr)) instanceof IpAddress self) {
      refresh(new InetSocketAddress(self.getIpAddress(), self.getPort()));
      super.findMembers(members, initial, responses);
    }
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

  @Override
  public void handleDisconnect() {
    source.leave();
    super.handleDisconnect();
  }
}
