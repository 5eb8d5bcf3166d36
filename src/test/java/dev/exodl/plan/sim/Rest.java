package dev.exodl.plan.sim;

/** Seconds and bytes that streams which ended within a step leave to those that follow them. */
final class Rest {
  private double seconds;
  private double bytes;

  void of(Wires.Stream ended) {
    seconds += ended.over;
    bytes += ended.overBytes;
  }

  /** Begins a stream as long ago as another one ended, a step at most. */
  void begin(Wires.Stream stream, Wires wires, double step) {
    double ago = Math.min(step, seconds);
    double most = seconds > 0 ? bytes * ago / seconds : 0;
    seconds -= ago;
    bytes -= most;
    wires.begin(stream, ago, most);
  }

  void clear() {
    seconds = 0;
    bytes = 0;
  }
}
