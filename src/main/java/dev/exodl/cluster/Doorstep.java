package dev.exodl.cluster;

import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * Those that came and have not shown yet who they are. There are places for a number of them; who
 * comes when all are taken gets that of the one that came first.
 */
final class Doorstep implements AutoCloseable {
  /** A host has 16 nodes at most, and each comes once. */
  static final int OF_A_HOST = 64;

  static final int PLACES = 512;

  private final Map<Socket, InetAddress> here = new LinkedHashMap<>();

  /** One comes. */
  void come(Socket socket) {
    Socket first = place(socket);
    if (first != null) {
      // To close a socket with TLS may wait for who writes to it.
      Thread.ofVirtual().name("exo-dl refuses").start(() -> Util.close(first));
    }
  }

  private synchronized @Nullable Socket place(Socket socket) {
    InetAddress host = socket.getInetAddress();
    List<Socket> ofHost = new ArrayList<>();
    here.forEach(
        (s, h) -> {
          if (h.equals(host)) {
            ofHost.add(s);
          }
        });
    Socket first =
        ofHost.size() >= OF_A_HOST
            ? ofHost.getFirst()
            : here.size() >= PLACES ? here.keySet().iterator().next() : null;
    if (first != null) {
      here.remove(first);
    }
    here.put(socket, host);
    return first;
  }

  /** It is let in or refused; returns whether it had its place until now. */
  synchronized boolean leave(Socket socket) {
    return here.remove(socket) != null;
  }

  @Override
  public void close() {
    List<Socket> all;
    synchronized (this) {
      all = List.copyOf(here.keySet());
      here.clear();
    }
    all.forEach(Util::close);
  }
}
