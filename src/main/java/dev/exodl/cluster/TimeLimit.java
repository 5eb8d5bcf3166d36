package dev.exodl.cluster;

import java.net.Socket;
import org.jgroups.util.Util;

/**
 * What is done with a socket ends in time: it is closed then. A socket's own time-out is for each
 * read, so one that says a byte now and then would never be over it.
 */
final class TimeLimit implements AutoCloseable {
  /** A second for packets that were lost, and one each way for a machine that has much to do. */
  static final int MILLIS = 3000;

  private final Thread watches;
  private volatile boolean over;

  private TimeLimit(Socket socket) {
    watches = Thread.ofVirtual().name("exo-dl limits").unstarted(() -> watch(socket));
  }

  static TimeLimit of(Socket socket) {
    TimeLimit limit = new TimeLimit(socket);
    limit.watches.start();
    return limit;
  }

  private void watch(Socket socket) {
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      return;
    }
    over = true;
    Util.close(socket);
  }

  boolean isOver() {
    return over;
  }

  /** It was done. */
  @Override
  public void close() {
    watches.interrupt();
  }
}
