package dev.exodl.share;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** Something of which there is only so much, in all and for one address. */
final class Slots {
  private final int most;
  private final int mostEach;
  private final Map<InetAddress, Integer> taken = new HashMap<>();
  private int all;

  Slots(int most, int mostEach) {
    this.most = most;
    this.mostEach = mostEach;
  }

  /** Takes one, to be given back; false when there is none. */
  synchronized boolean take(InetAddress peer) {
    int his = taken.getOrDefault(peer, 0);
    if (all >= most || his >= mostEach) {
      return false;
    }
    all++;
    taken.put(peer, his + 1);
    return true;
  }

  synchronized void giveBack(InetAddress peer) {
    all--;
    taken.computeIfPresent(peer, (p, his) -> his == 1 ? null : his - 1);
  }

  synchronized int taken() {
    return all;
  }
}
