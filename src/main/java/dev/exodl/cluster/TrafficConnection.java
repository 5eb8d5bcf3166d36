package dev.exodl.cluster;

import java.net.SocketTimeoutException;
import org.jgroups.Address;
import org.jgroups.blocks.cs.TcpConnection;

/** A connection to another node that is made within {@link TimeLimit}, TLS and all, or fails. */
final class TrafficConnection extends TcpConnection {
  TrafficConnection(Address to, TrafficServer server) throws Exception {
    super(to, server);
  }

  @Override
  protected void connect(Address to, boolean tellOurs) throws Exception {
    TimeLimit limit = TimeLimit.of(sock);
    try (limit) {
      super.connect(to, tellOurs);
    } catch (Exception e) {
      if (limit.isOver()) {
        SocketTimeoutException late = new SocketTimeoutException(to + " said too little");
        late.initCause(e);
        throw late;
      }
      throw e;
    }
  }
}
