package dev.exodl.swarm;

import dev.exodl.plan.Origin;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes that came and went, and how fast. */
final class Traffic {
  private final AtomicLong fromHub = new AtomicLong();
  private final AtomicLong fromPeers = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();
  private final Pace hub = new Pace();
  private final Pace in = new Pace();
  private final Pace out = new Pace();

  void received(Origin from, long bytes) {
    switch (from) {
      case Origin.Hub hub -> fromHub.addAndGet(bytes);
      case Origin.Peer peer -> fromPeers.addAndGet(bytes);
    }
  }

  /** A chunk of this many bytes is whole and checked. */
  void kept(long bytes) {
    kept.addAndGet(bytes);
  }

  /**
   * Measures; called several times a second.
   *
   * @param served bytes sent to others
   */
  void tick(long now, long served) {
    hub.look(now, fromHub());
    in.look(now, all());
    out.look(now, served);
  }

  /** From the hub, smoothed; 0 when it is not known yet. */
  long bytesPerSecond() {
    return hub.perSecond();
  }

  /** From the hub and from peers. */
  long inPerSecond() {
    return in.perSecond();
  }

  long outPerSecond() {
    return out.perSecond();
  }

  /** Of {@code held} bytes those that were here before anything came. */
  long local(long held) {
    return Math.max(0, held - kept.get());
  }

  long fromHub() {
    return fromHub.get();
  }

  long fromPeers() {
    return fromPeers.get();
  }

  long all() {
    return fromHub.get() + fromPeers.get();
  }
}
