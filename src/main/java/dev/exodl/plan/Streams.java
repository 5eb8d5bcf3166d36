package dev.exodl.plan;

import dev.exodl.plan.swarm.ChunkBits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The runs that a chooser began: how many there are, and how fast their sources are. */
final class Streams {
  /** A request to the hub is for about this long: what is in one is not taken over by others. */
  private static final double HUB_SECONDS = 0.5;

  /** A request when the rate is not known. */
  private static final long FIRST = 4L << 20;

  private static final long LONGEST = 64L << 20;

  /** A pull is not called slow before. */
  private static final long PATIENCE_MILLIS = 2_000;

  /** Nor before it took so many times as long as another peer would take. */
  private static final double MUCH_LONGER = 8;

  private final Peers peers;
  private final ChunkBits hubOnly;
  private final Map<Long, Stream> open = new HashMap<>();
  private final List<Ended> ended = new ArrayList<>();
  private int pulls;
  private int smallPulls;
  private int hub;
  private double hubRate;
  private long latest;
  private boolean proposed;

  private record Stream(Origin origin, Peers.@Nullable Peer peer, boolean small, long since) {}

  private record Ended(Stream stream, long bytes) {}

  Streams(Peers peers, ChunkBits hubOnly) {
    this.peers = peers;
    this.hubOnly = hubOnly;
  }

  int pulls() {
    return pulls;
  }

  /** Of the pulls, those of small files. */
  int smallPulls() {
    return smallPulls;
  }

  int hub() {
    return hub;
  }

  boolean isHub(long run) {
    Stream stream = open.get(run);
    return stream != null && stream.origin instanceof Origin.Hub;
  }

  /** Bytes that a request to the hub should be for. */
  long hubRunBytes() {
    return hubRate == 0 ? FIRST : Math.min(LONGEST, (long) (hubRate * HUB_SECONDS));
  }

  /** What so many bytes take from the hub in one stream; 0 when that is not known. */
  long hubMillis(int bytes) {
    return hubRate == 0 ? 0 : (long) (bytes * 1000.0 / hubRate);
  }

  void began(Run run, Origin origin, boolean small, long nowMillis) {
    Peers.Peer peer = origin instanceof Origin.Peer from ? peers.get(from.node()) : null;
    open.put(run.id(), new Stream(origin, peer, small, nowMillis));
    latest = run.id();
    proposed = true;
    count(origin, small, 1);
    if (peer != null) {
      peers.opened(peer);
    }
  }

  private void count(Origin origin, boolean small, int more) {
    switch (origin) {
      case Origin.Hub ignored -> hub += more;
      case Origin.Peer ignored -> {
        pulls += more;
        smallPulls += small ? more : 0;
      }
    }
  }

  /** A run is over, that brought so many bytes; 0 when it did not bring all. */
  void ended(Run run, long bytes) {
    Stream stream = open.remove(run.id());
    if (stream != null) {
      count(stream.origin, stream.small, -1);
      ended.add(new Ended(stream, bytes));
    }
  }

  /**
   * Streams that take too long: another peer, that can be asked now, would give what is missing of
   * the run in a part of the time that this one took already.
   */
  List<Long> tooSlow(PlanState plan, FreeChunks chunks, long nowMillis) {
    List<Long> slow = new ArrayList<>();
    open.forEach(
        (id, stream) -> {
          long millis = nowMillis - stream.since;
          if (millis < PATIENCE_MILLIS || !plan.isRunning(id)) {
            return;
          }
          Run run = plan.run(id);
          FilePlan file = plan.file(run.file());
          switch (stream.origin) {
            case Origin.Peer from -> {
              double better = peers.bestRate(chunks.place(file.number, run.first()), from.node());
              long bytes = (long) run.chunks() * file.grid().chunkSize();
              if (isSlow(millis, bytes, better)) {
                slow.add(id);
                peers.slow(from.node(), bytes * 1000.0 / millis);
              }
            }
            case Origin.Hub ignored -> {
              int missing = file.have.nextClearBit(run.first());
              int place = missing < run.end() ? chunks.place(file.number, missing) : -1;
              // What is to come from the hub only peers hold too, but do not give.
              if (place >= 0 && !hubOnly.get(place)) {
                long bytes = (long) (run.end() - missing) * file.grid().chunkSize();
                if (isSlow(millis, bytes, peers.bestRate(place, null))) {
                  slow.add(id);
                }
              }
            }
          }
        });
    return slow;
  }

  /** Whether so many bytes would come much sooner at that rate; 0 for a rate that is not known. */
  private static boolean isSlow(long millis, long bytes, double better) {
    return better > 0 && bytes * 1000.0 / better * MUCH_LONGER < millis;
  }

  /** Learns from what ended; a run that was proposed and not begun is forgotten. */
  void settle(PlanState plan, long nowMillis) {
    if (proposed) {
      proposed = false;
      Stream stream = plan.isRunning(latest) ? null : open.remove(latest);
      if (stream != null) {
        count(stream.origin, stream.small, -1);
        ended.add(new Ended(stream, 0));
      }
    }
    for (Ended end : ended) {
      long millis = nowMillis - end.stream.since;
      switch (end.stream.origin) {
        case Origin.Peer ignored -> {
          if (end.stream.peer != null) {
            peers.closed(end.stream.peer, end.bytes, millis);
          }
        }
        case Origin.Hub ignored -> {
          if (end.bytes > 0) {
            double rate = end.bytes * 1000.0 / Math.max(1, millis);
            hubRate = hubRate > 0 ? (hubRate + rate) / 2 : rate;
          }
        }
      }
    }
    ended.clear();
  }
}
