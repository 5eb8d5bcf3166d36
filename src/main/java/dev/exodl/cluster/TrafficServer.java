package dev.exodl.cluster;

import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jgroups.Address;
import org.jgroups.blocks.cs.Connection;
import org.jgroups.blocks.cs.TcpConnection;
import org.jgroups.blocks.cs.TcpServer;
import org.jgroups.util.SocketFactory;
import org.jgroups.util.ThreadFactory;
import org.jgroups.util.Util;

/**
 * JGroups' server, but that who comes shows who it is on a thread of its own: in JGroups' it does
 * on the only one that accepts, which then waits until this node has connected to the same one.
 */
final class TrafficServer extends TcpServer {
  private static final int PAUSE_MILLIS = 100;
  private static final int BUFFER = 65_536;

  private final Doorstep doorstep = new Doorstep();
  private final Map<Address, CompletableFuture<Connection>> connecting = new ConcurrentHashMap<>();

  TrafficServer(
      ThreadFactory threads, SocketFactory sockets, InetAddress at, int firstPort, int lastPort)
      throws Exception {
    super(threads, sockets, at, firstPort, lastPort, null, 0, 0, "exo-dl.traffic");
    setBufferedInputStreamSize(BUFFER);
    setBufferedOutputStreamSize(BUFFER);
    // Of one that is slow; all together have no more.
    peerAddressReadTimeout(TimeLimit.MILLIS);
    acceptor = threads.newThread(this::accept, "exo-dl accepts");
  }

  private void accept() {
    while (!srv_sock.isClosed()) {
      try {
        Socket comes = srv_sock.accept();
        doorstep.come(comes);
        Thread.ofVirtual().name("exo-dl lets in").start(() -> letIn(comes));
      } catch (Exception | Error e) {
        if (!srv_sock.isClosed()) {
          // Most likely no more files may be open, which may change.
          log.warn("%s: cannot accept connections now: %s", local_addr, e);
          Util.sleep(PAUSE_MILLIS);
        }
      }
    }
  }

  private void letIn(Socket comes) {
    TimeLimit limit = TimeLimit.of(comes);
    TcpConnection made = null;
    try {
      try (limit) {
        made = new TcpConnection(comes, this);
      }
      handleIncomingConnection(made.peerAddress(), made);
      doorstep.leave(comes);
      if (!running()) {
        removeConnectionIfPresent(made.peerAddress(), made);
      }
    } catch (Exception | Error e) {
      // Who was too slow, or had to give way, is nothing to tell of.
      if (doorstep.leave(comes) && !limit.isOver()) {
        log.warn(Util.getMessage("AcceptError"), local_addr, comes, e);
      }
      Util.close(made);
      Util.close(comes);
    }
  }

  @Override
  protected TcpConnection createConnection(Address to) throws Exception {
    return new TrafficConnection(to, this);
  }

  /** Who wants a connection that is being made waits for that one, and makes none if it fails. */
  @Override
  public Connection getConnection(Address to) throws Exception {
    Connection there = conns.get(to);
    if (there != null && connected(there)) {
      return there;
    }
    CompletableFuture<Connection> ours = new CompletableFuture<>();
    CompletableFuture<Connection> theirs = connecting.putIfAbsent(to, ours);
    if (theirs != null) {
      return made(theirs);
    }
    try {
      ours.complete(super.getConnection(to));
    } catch (Exception | Error e) {
      ours.completeExceptionally(e);
    } finally {
      connecting.remove(to, ours);
    }
    return made(ours);
  }

  private static Connection made(CompletableFuture<Connection> connection) throws Exception {
    try {
      return connection.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public void stop() {
    // JGroups' leaves it open when it was never started.
    Util.close(srv_sock);
    super.stop();
    doorstep.close();
  }
}
