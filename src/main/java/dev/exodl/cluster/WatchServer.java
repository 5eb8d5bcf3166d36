package dev.exodl.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jgroups.Address;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.blocks.cs.NioConnection;
import org.jgroups.blocks.cs.NioServer;
import org.jgroups.util.SocketFactory;
import org.jgroups.util.ThreadFactory;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/** JGroups' server with a bound on its connections. */
class WatchServer extends NioServer {
  /** From one host: a node has one or two, and looks at the ports of a host one after the other. */
  static final int OF_A_HOST = 40;

  static final int CONNECTIONS = 400;

  private static final int PAUSE_MILLIS = 100;

  WatchServer(ThreadFactory threads, SocketFactory sockets, InetAddress at, int port)
      throws Exception {
    super(threads, sockets, at, port, port, null, 0, 0, "exo-dl.watched");
  }

  /** As JGroups', but for the bound; connections always tell who is at the other end. */
  @Override
  protected void handleAccept(SelectionKey key) {
    SocketChannel accepted;
    try {
      accepted = accept();
    } catch (Exception | Error e) {
      // Most likely no more files may be open, which may change.
      Util.sleep(PAUSE_MILLIS);
      return;
    }
    if (accepted != null) {
      take(accepted);
    }
  }

  @Nullable SocketChannel accept() throws IOException {
    return channel.accept();
  }

  private void take(SocketChannel accepted) {
    try {
      if (selector.keys().size() > CONNECTIONS || ofHost(accepted) >= OF_A_HOST) {
        Util.close(accepted);
        return;
      }
      NioConnection connection = new NioConnection(accepted, this);
      connection.key(accepted.register(selector, SelectionKey.OP_READ, connection));
    } catch (Exception | Error e) {
      Util.close(accepted);
    }
  }

  /** JGroups calls it after each failure, and its only thread would end by one without any. */
  @Override
  public void closeConnection(@Nullable Connection connection, boolean tell) {
    if (connection != null) {
      super.closeConnection(connection, tell);
    }
  }

  private long ofHost(SocketChannel accepted) throws IOException {
    InetAddress host = ((InetSocketAddress) accepted.getRemoteAddress()).getAddress();
    return selector.keys().stream()
        .map(SelectionKey::channel)
        .filter(c -> c instanceof SocketChannel s && host.equals(s.socket().getInetAddress()))
        .count();
  }

  /** JGroups keeps a lock for each address that was ever told. */
  @Override
  public void handleIncomingConnection(Address peer, Connection connection) throws Exception {
    if (locks.size() > CONNECTIONS) {
      locks.keySet().retainAll(conns.keySet());
    }
    super.handleIncomingConnection(peer, connection);
  }
}
