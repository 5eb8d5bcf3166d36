package dev.exodl.emulator;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The rules by which things go wrong. All rules that fit a request have their effect, in the order
 * they were made.
 */
public final class Faults {

  private final List<FaultRule> rules = new CopyOnWriteArrayList<>();

  Faults() {}

  /**
   * Begins a rule for some parts of the hub; none named: all. It works from its {@code then} on.
   */
  public FaultRule on(Where... where) {
    var set = EnumSet.noneOf(Where.class);
    set.addAll(List.of(where));
    return new FaultRule(this, set);
  }

  /** Forgets all rules. */
  public void clear() {
    rules.clear();
  }

  void add(FaultRule rule) {
    rules.add(rule);
  }

  void remove(FaultRule rule) {
    rules.remove(rule);
  }

  List<Fault> of(LoggedRequest request, long size) {
    var all = new ArrayList<Fault>();
    for (var rule : rules) {
      all.addAll(rule.effectsOn(request, size));
    }
    return all;
  }
}
