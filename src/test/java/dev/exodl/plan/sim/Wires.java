package dev.exodl.plan.sim;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Streams between ends, each of which has so many bytes a second each way. A stream gets an equal
 * share of the busier end when it begins; in each step all give way where a wire is full, and what
 * is left of others is divided, as TCP about does.
 */
final class Wires {
  /** A stream of some bytes, and what it is for. */
  static final class Stream {
    final int from;
    final int to;
    final Object what;
    private final double bytes;
    private int place;

    /** Seconds since it ended, of the step in which it did, and bytes that it could have had. */
    double over;

    double overBytes;

    Stream(int from, int to, double bytes, Object what) {
      this.from = from;
      this.to = to;
      this.bytes = bytes;
      this.what = what;
    }
  }

  private final int hub;
  private final double[] wide;
  private final double[] upUsed;
  private final double[] downUsed;
  private final double[] upShare;
  private final double[] downShare;
  private final int[] ups;
  private final int[] downs;
  private final double[] received;
  private Stream[] streams = new Stream[1024];

  /** Of each stream: arrays, as all of them are gone through some times in each step. */
  private int[] from = new int[1024];

  private int[] to = new int[1024];
  private double[] left = new double[1024];
  private double[] rate = new double[1024];
  private int count;

  Wires(double[] bytesPerSecond, int hub) {
    this.hub = hub;
    wide = bytesPerSecond;
    int ends = wide.length;
    upUsed = new double[ends];
    downUsed = new double[ends];
    upShare = new double[ends];
    downShare = new double[ends];
    ups = new int[ends];
    downs = new int[ends];
    received = new double[ends];
  }

  /** Bytes that this end got from the hub. */
  double fromHub(int end) {
    return received[end];
  }

  /** Begins a stream, so many seconds ago; it got so many bytes since at most. */
  void begin(Stream stream, double ago, double most) {
    if (count == streams.length) {
      streams = Arrays.copyOf(streams, 2 * count);
      from = Arrays.copyOf(from, 2 * count);
      to = Arrays.copyOf(to, 2 * count);
      left = Arrays.copyOf(left, 2 * count);
      rate = Arrays.copyOf(rate, 2 * count);
    }
    int place = count++;
    stream.place = place;
    streams[place] = stream;
    from[place] = stream.from;
    to[place] = stream.to;
    ups[stream.from]++;
    downs[stream.to]++;
    rate[place] =
        Math.min(wide[stream.from] / ups[stream.from], wide[stream.to] / downs[stream.to]);
    left[place] = stream.bytes - Math.min(most, rate[place] * ago);
  }

  void end(Stream stream) {
    ups[stream.from]--;
    downs[stream.to]--;
    int place = stream.place;
    stream.overBytes = -left[place];
    stream.over = rate[place] > 0 ? -left[place] / rate[place] : 0;
    Stream last = streams[--count];
    streams[place] = last;
    from[place] = from[count];
    to[place] = to[count];
    left[place] = left[count];
    rate[place] = rate[count];
    last.place = place;
    streams[count] = null;
  }

  /** Ends all streams from and to this end. */
  void cut(int end, Consumer<Stream> broken) {
    for (int i = count - 1; i >= 0; i--) {
      Stream stream = streams[i];
      if (stream.from == end || stream.to == end) {
        end(stream);
        broken.accept(stream);
      }
    }
  }

  /** Goes on for some seconds, and tells which streams came to their end. */
  void step(double seconds, Consumer<Stream> done) {
    scale();
    fill();
    fill();
    for (int i = count - 1; i >= 0; i--) {
      left[i] -= rate[i] * seconds;
      if (from[i] == hub) {
        received[to[i]] += rate[i] * seconds;
      }
      if (left[i] <= 0) {
        Stream stream = streams[i];
        end(stream);
        done.accept(stream);
      }
    }
  }

  /** Nobody sends or gets more than its wire carries: what streams had before is cut to that. */
  private void scale() {
    sum();
    for (int e = 0; e < wide.length; e++) {
      upShare[e] = Math.min(1, wide[e] / Math.max(1, upUsed[e]));
      downShare[e] = Math.min(1, wide[e] / Math.max(1, downUsed[e]));
    }
    for (int i = 0; i < count; i++) {
      rate[i] *= Math.min(upShare[from[i]], downShare[to[i]]);
    }
    sum();
  }

  private void sum() {
    Arrays.fill(upUsed, 0);
    Arrays.fill(downUsed, 0);
    for (int i = 0; i < count; i++) {
      upUsed[from[i]] += rate[i];
      downUsed[to[i]] += rate[i];
    }
  }

  /** What is left of each wire is divided among its streams. */
  private void fill() {
    for (int e = 0; e < wide.length; e++) {
      upShare[e] = ups[e] == 0 ? 0 : (wide[e] - upUsed[e]) / ups[e];
      downShare[e] = downs[e] == 0 ? 0 : (wide[e] - downUsed[e]) / downs[e];
    }
    for (int i = 0; i < count; i++) {
      double more = Math.max(0, Math.min(upShare[from[i]], downShare[to[i]]));
      rate[i] += more;
      upUsed[from[i]] += more;
      downUsed[to[i]] += more;
    }
  }
}
