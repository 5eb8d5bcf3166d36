package dev.exodl.plan.sim;

import java.util.Locale;
import java.util.function.Consumer;

/** Says some twenty times how far a simulation is. */
final class Progress {
  private final Setting setting;
  private final int places;
  private final Consumer<String> told;
  private double next;

  Progress(Setting setting, int places, Consumer<String> told) {
    this.setting = setting;
    this.places = places;
    this.told = told;
    this.next = setting.bound() / 20;
  }

  void at(double seconds, long chunks, int fromHub) {
    if (seconds < next) {
      return;
    }
    next += setting.bound() / 20;
    told.accept(
        String.format(
            Locale.ROOT,
            "%.0f s: %.1f %% of all is there, %.1f %% of the model came from the hub",
            seconds,
            100.0 * chunks / places / setting.nodes(),
            100.0 * fromHub / places));
  }
}
