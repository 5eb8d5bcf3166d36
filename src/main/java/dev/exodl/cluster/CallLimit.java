package dev.exodl.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which calls are answered by asking who is there. A datagram costs nothing, and without a key
 * anybody can send one that seems to come from anywhere: neither memory nor connections may grow
 * with them. Who is not asked now calls again soon.
 */
final class CallLimit {
  /** Nodes of one host that are asked at once: {@link Ports#ON_ONE_HOST}, and some that ended. */
  static final int ASKED_OF_A_HOST = 20;

  /** Nodes that are asked at once. */
  static final int ASKED = 256;

  private static final int HOSTS = 1024;
  private static final long SECOND = 1_000_000_000L;

  private final Set<InetSocketAddress> asked = new HashSet<>();
  private final Pace all = new Pace(1024, 512);
  private final Map<InetAddress, Pace> hosts =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Pace> eldest) {
          return size() > HOSTS;
        }
      };

  /** So many at once, and so many a second in the long run. */
  private static final class Pace {
    private final long gap;
    private final long ahead;
    private long next;
    private boolean begun;

    Pace(int atOnce, int eachSecond) {
      gap = SECOND / eachSecond;
      ahead = gap * (atOnce - 1);
    }

    boolean allows(long now) {
      if (!begun || next - now < 0) {
        begun = true;
        next = now;
      }
      if (next - now > ahead) {
        return false;
      }
      next += gap;
      return true;
    }
  }

  /** Whether the node at this address is asked now; then {@link #end} has to follow. */
  synchronized boolean begin(InetSocketAddress node, long now) {
    InetAddress host = node.getAddress();
    return asked.size() < ASKED
        && !asked.contains(node)
        && asked.stream().filter(a -> a.getAddress().equals(host)).count() < ASKED_OF_A_HOST
        && hosts.computeIfAbsent(host, h -> new Pace(64, 32)).allows(now)
        && all.allows(now)
        && asked.add(node);
  }

  /** It was asked. */
  synchronized void end(InetSocketAddress node) {
    asked.remove(node);
  }

  /** For tests. */
  synchronized int remembered() {
    return hosts.size();
  }
}
