package dev.exodl.cluster;

import java.io.DataInput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.BasicTCP;
import org.jgroups.protocols.TCP;
import org.jgroups.util.SocketFactory;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * JGroups' TCP, with limits on what connecting takes: nobody who is silent or slow holds up what
 * others say or are told.
 */
public final class Traffic extends BasicTCP {
  private @Nullable TrafficServer server;

  /**
   * Traffic that is not started.
   *
   * @param tls the sockets of an encrypted one
   */
  Traffic(@Nullable SocketFactory tls) {
    // On the wire it is TCP: JGroups finds a protocol's number by its class.
    this.id = ClassConfigurator.getProtocolId(TCP.class);
    // What says it never waits does so here: who sends connects, as there is no bundler. On its
    // one thread for such tasks a member that does not answer would hold up all that is timed.
    this.timer_handle_non_blocking_tasks = false;
    setSocketFactory(tls);
  }

  @Override
  public void start() throws Exception {
    TrafficServer made =
        new TrafficServer(
            getThreadFactory(), getSocketFactory(), bind_addr, bind_port, bind_port + port_range);
    made.usePeerConnections(true)
        .receiver(this)
        .timeService(time_service)
        .socketConnectionTimeout(sock_conn_timeout)
        .tcpNodelay(tcp_nodelay)
        .clientBindAddress(client_bind_addr)
        .log(log)
        .logDetails(log_details)
        .setMaxLength(max_length);
    server = made;
    super.start();
  }

  @Override
  protected void handleConnect() throws Exception {
    server().start();
    connected = true;
    super.handleConnect();
  }

  @Override
  protected void handleDisconnect() {
    super.handleDisconnect();
    connected = false;
    server().stop();
  }

  @Override
  public void stop() {
    super.stop();
    Util.close(server);
  }

  private TrafficServer server() {
    return Objects.requireNonNull(server, "it was started");
  }

  @Override
  public void send(Address to, byte[] data, int offset, int length) throws Exception {
    TrafficServer now = server;
    if (now != null) {
      now.send(to, data, offset, length);
    }
  }

  /** Members that are not connected are each told on a thread of its own. */
  @Override
  protected void sendUnicasts(List<PhysicalAddress> to, byte[] data, int offset, int length)
      throws Exception {
    List<PhysicalAddress> atOnce = new ArrayList<>();
    for (PhysicalAddress member : to) {
      if (server().connectionEstablishedTo(member)) {
        atOnce.add(member);
      } else {
        Thread.ofVirtual()
            .name("exo-dl connects")
            .start(() -> tellOne(member, data, offset, length));
      }
    }
    super.sendUnicasts(atOnce, data, offset, length);
  }

  private void tellOne(PhysicalAddress member, byte[] data, int offset, int length) {
    try {
      super.sendUnicasts(List.of(member), data, offset, length);
    } catch (Exception e) {
      log.trace("%s was not told: %s", member, e);
    }
  }

  /** Nobody here bundles, and JGroups would take as much memory as a bundle's count says. */
  @Override
  protected void handleMessageBatch(DataInput in, boolean multicast) {
    throw new IllegalArgumentException("bundles of messages are refused");
  }

  @Override
  public void retainAll(Collection<Address> members) {
    server().retainAll(members, is_member);
  }

  @Override
  protected @Nullable PhysicalAddress getPhysicalAddress() {
    TrafficServer now = server;
    return now == null ? null : (PhysicalAddress) now.localAddress();
  }

  @Override
  public String printConnections() {
    return server().printConnections();
  }

  @Override
  public Traffic clearConnections(boolean graceful) {
    server().clearConnections(graceful);
    return this;
  }
}
