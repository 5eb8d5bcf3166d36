package dev.exodl.plan.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What happens in later steps. */
final class Calendar {
  private final TreeMap<Long, List<Runnable>> days = new TreeMap<>();
  private final double step;
  private long now;

  Calendar(double step) {
    this.step = step;
  }

  double seconds() {
    return now * step;
  }

  long millis() {
    return Math.round(now * step * 1000);
  }

  /** In the first step that begins so many seconds from now, but not in this one. */
  void after(double seconds, Runnable what) {
    long steps = Math.max(1, (long) Math.ceil(seconds / step - 1e-9));
    days.computeIfAbsent(now + steps, s -> new ArrayList<>()).add(what);
  }

  /** Goes to the next step, and does what is due. */
  void next() {
    now++;
    List<Runnable> due = days.remove(now);
    if (due != null) {
      due.forEach(Runnable::run);
    }
  }
}
